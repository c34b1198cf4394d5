//! What the system gives this process and tells of it and its machine, and what it can be asked to forget.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::{ThreadPool, ThreadPoolBuilder};

/// So many threads.
pub(crate) fn pool(threads: usize) -> io::Result<ThreadPool> {
    ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other)
}

/// How much memory this process occupies, as Linux tells.
pub(crate) fn resident_bytes() -> Option<u64> {
    told("/proc/self/status", "VmRSS:")?.checked_mul(1024)
}

/// How much memory can still be had, as Linux tells.
pub(crate) fn available_bytes() -> Option<u64> {
    told("/proc/meminfo", "MemAvailable:")?.checked_mul(1024)
}

/// How many bytes this process had fetched from disks so far, as Linux tells.
pub(crate) fn fetched_bytes() -> Option<u64> {
    told("/proc/self/io", "read_bytes:")
}

fn told(file: &str, name: &str) -> Option<u64> {
    let told = fs::read_to_string(file).ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// The name of the processor, as Linux tells.
#[must_use]
pub fn processor() -> Option<String> {
    let told = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("model name"))?;
    Some(line.trim_start_matches([' ', '\t', ':']).to_owned())
}

/// How many threads wanted to run at a time in the last minute, on the whole machine, as Linux tells.
#[must_use]
pub fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// All files under a directory.
///
/// # Errors
/// [`io::Error`] where a directory cannot be listed.
pub(crate) fn files(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { files.extend(self::files(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

/// Asks the system to forget what it holds of `files` in memory; says whether it took the request. What others have mapped, and
/// the directories, stay.
pub(crate) fn forget(files: &[PathBuf]) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    for file in files {
        let file = fs::File::open(file)?;
        file.sync_all()?;
        if rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).is_err() {
            return Ok(false);
        }
    }
    Ok(cfg!(target_os = "linux") && !files.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_tells_and_forgets() {
        assert!(resident_bytes() > Some(1 << 16) && available_bytes() > Some(1 << 16));
        assert!(load().is_some() && processor().is_some_and(|name| !name.starts_with(':')));
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("deeper")).unwrap();
        fs::write(directory.path().join("deeper/file"), [7; 10_000]).unwrap();
        let files = files(directory.path()).unwrap();
        assert_eq!((files.len(), forget(&files).unwrap()), (1, true));
        assert_eq!(fs::read(&files[0]).unwrap(), [7; 10_000]);
    }
}
