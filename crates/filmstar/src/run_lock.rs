//! One run at a time on this machine.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::Path,
    time::Duration,
};

use crate::{
    clock,
    failure::Failure,
    project::{shown, writable},
};

const FILE: &str = "run.lock";
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(20);

/// The right to ingest and build, for one process. The file stays; the lock on it is what counts.
#[derive(Debug)]
pub(crate) struct RunLock {
    // The operating system lets go of it when the process ends, however it ends.
    _file: File,
}

impl RunLock {
    /// Takes the lock of a warehouse folder, or says who has it.
    pub(crate) fn take(folder: &Path, command: &str) -> Result<Self, Failure> {
        writable(folder)?;
        let path = folder.join(FILE);
        let unusable = |error: io::Error| {
            Failure::world(format!("failed to lock `{}`", shown(&path)))
                .hint("the folder must be on a file system that has locks")
                .because(error)
        };
        let mut options = OpenOptions::new();
        // Its text is the holder's, so it must not be truncated before the lock is ours.
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(unusable)?;
        let mut tries = TRIES;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if tries == 0 => return Err(taken(file)),
                // Whoever looks for the holder has it for a moment.
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) => return Err(unusable(error)),
            }
            tries -= 1;
        }
        let holder = format!(
            "process {} (`filmstar {command}`) since {}",
            std::process::id(),
            clock::now().format("%Y-%m-%d %H:%M:%S UTC")
        );
        file.set_len(0)
            .and_then(|()| file.write_all(holder.as_bytes()))
            .map_err(unusable)?;
        Ok(Self { _file: file })
    }
}

/// Who has the lock of a warehouse folder now, if somebody has.
pub(crate) fn holder(folder: &Path) -> Option<String> {
    let mut file = File::open(folder.join(FILE)).ok()?;
    let Err(TryLockError::WouldBlock) = file.try_lock_shared() else {
        return None;
    };
    let mut holder = String::new();
    file.read_to_string(&mut holder).ok()?;
    Some(holder)
}

fn taken(mut file: File) -> Failure {
    let mut holder = String::new();
    // The holder writes its name a moment after it has the lock.
    if file.read_to_string(&mut holder).is_err() || holder.is_empty() {
        "another process".clone_into(&mut holder);
    }
    Failure::world(format!("another run is at work: {holder}"))
        .hint("wait for it to end, then run the command again")
}

#[cfg(test)]
mod tests {
    use super::RunLock;

    #[test]
    fn a_second_run_is_told_who_holds_the_lock_until_it_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let held = RunLock::take(folder.path(), "up").unwrap();
        let refused = RunLock::take(folder.path(), "run").unwrap_err().to_string();
        let holder = format!("process {} (`filmstar up`) since ", std::process::id());
        assert!(refused.contains(&holder), "{refused}");
        drop(held);
        RunLock::take(folder.path(), "run").unwrap();
    }
}
