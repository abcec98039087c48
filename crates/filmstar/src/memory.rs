//! How much memory this process may have: the machine's, or less in a container.

/// Half of it, as DuckDB spells sizes: the rest is for pages, loads and the system's file cache. `None` where the
/// system does not tell; DuckDB then takes four fifths.
pub(crate) fn half() -> Option<String> {
    let machine = fs_err::read_to_string("/proc/meminfo").ok();
    let machine = machine.as_deref().and_then(of_machine);
    let container = fs_err::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let container = container.and_then(|limit| limit.trim().parse().ok());
    let n_bytes: u64 = [machine, container].into_iter().flatten().min()?;
    Some(format!("{} MiB", (n_bytes / 2) >> 20))
}

/// Bytes in the first line: `MemTotal: 8010912 kB`.
fn of_machine(text: &str) -> Option<u64> {
    let kilobytes = text.lines().next()?.strip_prefix("MemTotal:")?;
    let kilobytes: u64 = kilobytes.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::{half, of_machine};

    #[test]
    fn the_machine_tells_its_memory_and_duckdb_takes_half_of_it() {
        assert_eq!(
            of_machine("MemTotal:        8010912 kB\nMemFree: 1 kB"),
            Some(8_203_173_888)
        );
        assert_eq!(of_machine("Mem: 1"), None);
        let settings = warehouse::Settings {
            memory_limit: half(),
            ..warehouse::Settings::default()
        };
        warehouse::DuckDb::in_memory(&settings).unwrap();
    }
}
