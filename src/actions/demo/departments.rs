//! The departments of the demonstration: who works where, what is paused, and one that is full.

use std::collections::BTreeMap;

use super::{DOMAIN, PEOPLE, Person, email, some};
use crate::actions::departments::{self, Typed};
use crate::actions::members::{self, Edit, Wish};
use crate::actions::{Actor, Ctx};
use crate::domain::channel::Channel;
use crate::domain::department::RawDepartment;
use crate::error::Result;
use crate::store::operators::{self, Filter};

struct Shown {
    slug: &'static str,
    name: &'static str,
    /// In French, Spanish and German.
    names: [&'static str; 3],
    description: &'static str,
    channels: &'static [&'static str],
    phone: &'static str,
    policy: &'static str,
    chat_rule: &'static str,
    max_operators: &'static str,
    minimum_cover: &'static str,
    fallback: &'static str,
    /// Positions, and places among the people, of those who work in it.
    positions: &'static [&'static str],
    places: &'static [usize],
}

/// Those that others fall back to come first.
const DEPARTMENTS: &[Shown] = &[
    Shown {
        slug: "customer-care",
        name: "Customer care",
        names: ["Service client", "Atención al cliente", "Kundenbetreuung"],
        description: "Everything that has no better place, and whatever nobody else can take.",
        channels: &["ticket", "chat", "call"],
        phone: "+33 1 99 00 12 00",
        policy: "prefer",
        chat_rule: "average_utilization",
        max_operators: "",
        minimum_cover: "3",
        fallback: "",
        positions: &["lead", "team"],
        places: &[10, 11, 15, 25],
    },
    Shown {
        slug: "orders",
        name: "Orders and returns",
        names: ["Commandes et retours", "Pedidos y devoluciones", "Bestellungen und Rückgaben"],
        description: "Where is my parcel, how do I send it back, when do I get my money.",
        channels: &["ticket", "chat", "call"],
        phone: "+33 1 99 00 12 40",
        policy: "strict",
        chat_rule: "max_utilization",
        max_operators: "",
        minimum_cover: "2",
        fallback: "customer-care",
        positions: &["orders"],
        places: &[4, 5],
    },
    Shown {
        slug: "sizes",
        name: "Sizes and fitting",
        names: ["Tailles et essayage", "Tallas y ajuste", "Größen und Passform"],
        description: "Helps to choose before anybody buys.",
        channels: &["chat"],
        phone: "",
        policy: "strict",
        chat_rule: "longest_idle",
        max_operators: "",
        minimum_cover: "2",
        fallback: "orders",
        positions: &["sizes"],
        places: &[10],
    },
    Shown {
        slug: "repairs",
        name: "Repairs and care",
        names: ["Réparations et entretien", "Reparaciones y cuidado", "Reparatur und Pflege"],
        description: "The workshop: estimates, spare parts, how to wash a down jacket.",
        channels: &["ticket", "call"],
        phone: "+33 1 99 00 12 60",
        policy: "prefer",
        chat_rule: "round_robin",
        max_operators: "",
        minimum_cover: "1",
        fallback: "customer-care",
        positions: &["repairs"],
        places: &[],
    },
    Shown {
        slug: "night-desk",
        name: "Night desk",
        names: ["Permanence de nuit", "Guardia de noche", "Nachtdienst"],
        description: "Chats and calls from the evening until the morning.",
        channels: &["chat", "call"],
        phone: "+33 1 99 00 12 80",
        policy: "ignore",
        chat_rule: "average_utilization",
        max_operators: "6",
        minimum_cover: "1",
        fallback: "",
        positions: &[],
        places: &[3, 8, 9, 18, 23, 24],
    },
    Shown {
        slug: "wholesale",
        name: "Wholesale",
        names: ["Vente en gros", "Venta al por mayor", "Großhandel"],
        description: "Shops that sell our outdoor clothes.",
        channels: &["ticket", "call"],
        phone: "+44 20 7946 0190",
        policy: "strict",
        chat_rule: "max_utilization",
        max_operators: "4",
        minimum_cover: "1",
        fallback: "orders",
        positions: &[],
        places: &[1, 12, 16],
    },
];

/// Creates the departments and puts people in them.
pub(super) async fn load(ctx: &Ctx, console: &Actor) -> Result<()> {
    let all = operators::after(ctx.store.read(), &Filter::default(), ctx.now(), 0, 200).await?;
    let ids: BTreeMap<&str, i64> = all.iter().map(|operator| (operator.email.as_str(), operator.id)).collect();
    let mut edits = Vec::new();
    for shown in DEPARTMENTS {
        let (department_id, _) = departments::create(ctx, console.may()?, &typed(shown)).await?;
        let works = |place: usize, person: &Person| shown.positions.contains(&person.position) || shown.places.contains(&place);
        for (place, person) in PEOPLE.iter().enumerate().filter(|(place, person)| works(*place, person)) {
            let Some(operator_id) = ids.get(email(person).as_str()) else { continue };
            let edit = |wish| Edit { department_id, operator_id: *operator_id, wish, field: "departments".to_owned() };
            edits.push(edit(Wish::join()));
            edits.extend(habit(shown, place).map(edit));
        }
    }
    ctx.store.write(async |tx| members::refuse(members::apply_in(ctx, tx, console, &edits).await?)).await
}

fn typed(shown: &Shown) -> Typed {
    let names = ["fr", "es", "de"].into_iter().zip(shown.names);
    let raw = RawDepartment {
        slug: Some(shown.slug.to_owned()),
        name: Some(shown.name.to_owned()),
        name_texts: Some(names.map(|(tag, name)| (tag.to_owned(), name.to_owned())).collect()),
        description: Some(shown.description.to_owned()),
        email: Some(format!("{}@{DOMAIN}", shown.slug)),
        phone: some(shown.phone),
        channels: Some(shown.channels.iter().map(|channel| (*channel).to_owned()).collect()),
        max_operators: Some(shown.max_operators.to_owned()),
        minimum_cover: Some(shown.minimum_cover.to_owned()),
        language_policy: Some(shown.policy.to_owned()),
        routing: BTreeMap::from([("chat".to_owned(), shown.chat_rule.to_owned())]),
        ..RawDepartment::default()
    };
    Typed { raw, fallback: some(shown.fallback), schedule_id: None }
}

/// Some may not call, some take no chats now, some sign in another name.
fn habit(shown: &Shown, place: usize) -> Option<Wish> {
    let uses = |channel: Channel| shown.channels.contains(&channel.as_str());
    let wish = match place % 7 {
        1 if uses(Channel::Call) => Wish { allowed: vec![(Channel::Call, false)], ..Wish::default() },
        3 if uses(Channel::Chat) => Wish { active: vec![(Channel::Chat, false)], ..Wish::default() },
        5 => Wish { signature: Some(format!("{}\nBright Harbour Outfitters", shown.name)), ..Wish::default() },
        _ => return None,
    };
    Some(wish)
}

/// How many departments there are, for the tests of the whole.
#[cfg(test)]
pub(super) const COUNT: usize = DEPARTMENTS.len();

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::demo;
    use crate::actions::operators::tests::House;
    use crate::store::members as stored;

    #[tokio::test]
    async fn the_demonstration_has_six_departments_of_which_one_is_full() {
        let house = House::new().await;
        demo::load(&house.ctx).await.unwrap();
        let catalogue = house.ctx.present_catalogue().await.unwrap();
        let counts = stored::counts(house.ctx.store.read()).await.unwrap();
        let full = catalogue.departments.iter().filter(|department| counts[&department.id] >= catalogue.limit_of(department));
        assert_eq!(full.map(|department| department.facts.slug.as_str()).collect::<Vec<_>>(), ["night-desk"]);
        assert_eq!(catalogue.departments.len(), COUNT);
        assert!(counts.values().all(|count| *count >= 3), "{counts:?}");
        let orders = catalogue.department_by_slug("orders").unwrap();
        let members = stored::of_department(house.ctx.store.read(), orders.id).await.unwrap();
        assert!(members.iter().any(|member| member.switches.active() != member.switches.allowed()));
    }

    #[test]
    fn nobody_falls_back_to_a_department_that_comes_later() {
        for (place, shown) in DEPARTMENTS.iter().enumerate() {
            let before = DEPARTMENTS.iter().take(place).any(|other| other.slug == shown.fallback);
            assert!(shown.fallback.is_empty() || before, "{}", shown.slug);
        }
    }
}
