//! The places of things that people put in order, the first one being 1.

use super::audit::Changes;

/// The order after one has moved to a place; one beyond the last is the last.
pub fn moved(mut order: Vec<i64>, id: i64, position: i64) -> Vec<i64> {
    order.retain(|other| *other != id);
    let place = usize::try_from(position.saturating_sub(1)).unwrap_or(0).min(order.len());
    order.insert(place, id);
    order
}

/// The order to be written where a place is asked for that is another one, which is noted; none where all stay.
pub fn reordered(changes: &mut Changes, was: Vec<i64>, id: i64, position: Option<i64>) -> Option<Vec<i64>> {
    let order = moved(was.clone(), id, position?);
    let place = |ids: &[i64]| ids.iter().position(|other| *other == id).map(|place| place + 1);
    changes.note("position", &place(&was), &place(&order));
    (order != was).then_some(order)
}
