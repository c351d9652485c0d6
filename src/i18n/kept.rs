//! What is made once and kept for the life of the program, since there are only so many of it.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{LazyLock, PoisonError, RwLock};

use rustc_hash::FxHashMap;

/// Values by keys, none of which comes from a stranger.
pub(super) struct Kept<K, V: ?Sized + 'static>(LazyLock<RwLock<FxHashMap<K, &'static V>>>);

impl<K: Eq + Hash, V: ?Sized> Kept<K, V> {
    /// Nothing yet.
    pub(super) const fn new() -> Kept<K, V> {
        Kept(LazyLock::new(RwLock::default))
    }

    /// What is kept under the key.
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&'static V>
    where
        K: Borrow<Q>,
    {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).copied()
    }

    /// Keeps it from now on. Of two who make the same at once the later one's stays.
    pub(super) fn keep(&self, key: K, value: Box<V>) -> &'static V {
        let value: &'static V = Box::leak(value);
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, value);
        value
    }
}
