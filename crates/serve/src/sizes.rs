use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use tokio::sync::OnceCell;

use crate::stop::lock;

/// More than readers choose between two builds.
const MANY: usize = 2_000;

/// How many films each count of a build found.
#[derive(Default)]
pub(crate) struct Sizes(Mutex<HashMap<String, Arc<OnceCell<[i64; 2]>>>>);

impl Sizes {
    /// The place for one count, empty until somebody has asked.
    pub(crate) fn of(&self, count: String) -> Arc<OnceCell<[i64; 2]>> {
        let mut sizes = lock(&self.0);
        if sizes.len() >= MANY && !sizes.contains_key(&count) {
            sizes.clear();
        }
        Arc::clone(sizes.entry(count).or_default())
    }
}
