use std::panic::{self, AssertUnwindSafe};

use warehouse::Connection;

type Slot = Option<Box<dyn Connection>>;

/// Does a worker's piece of work. A panic becomes a message, because the other workers would wait for its result for
/// ever; and nothing more goes through the connection that it left somewhere in the middle.
pub(super) fn caught<T>(slot: &mut Slot, work: impl FnOnce(&mut Slot) -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(|| work(slot))).map_err(|panic| {
        *slot = None;
        let what = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it did not say why");
        format!("a bug of Filmstar or of a library that it uses: {what}")
    })
}
