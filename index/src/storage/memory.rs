//! A gallery in memory that fails on request, as disks and power supplies do.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Access, Append, Bytes, Held, Lines, Storage, StorageError, WriterLock};

/// A gallery's directory in memory: for tests, and for galleries that nobody needs to keep.
///
/// It keeps apart what a running process sees and what a power cut would leave, and counts every step that changes either,
/// so that a test can fail each step in turn. All chance comes from the seed that the test gives.
#[derive(Clone, Default)]
pub struct Memory {
    disk: Arc<Mutex<Disk>>,
    writing: Arc<AtomicBool>,
}

/// What goes wrong at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The power goes: this step and all after it fail, and what was not synced may be lost.
    PowerCut,
    /// The disk is full: a write stops midway.
    NoSpace,
    /// A sync fails, and the system forgets what it should have made durable.
    SyncFailed,
    /// The disk lies: a write reports success, and its tail is missing.
    ShortWrite,
}

#[derive(Default)]
struct Disk {
    files: Vec<Content>,
    now: BTreeMap<String, Entry>,
    durable: BTreeMap<String, Entry>,
    steps: u64,
    armed: Option<(u64, Fault)>,
    off: bool,
    chance: Chance,
}

struct Content {
    bytes: Arc<Lines>,
    /// How many bytes, from the first on, are durable.
    synced: usize,
    /// What is durable where they were written over since.
    before: Option<Arc<Lines>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Directory,
    File(usize),
}

/// A stream of pseudo-random numbers (`SplitMix64`, Steele, Lea and Flood 2014).
#[derive(Clone, Copy, Default)]
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}

impl Memory {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the step number `at`, counted from now and from zero, go wrong; `seed` decides what chance would.
    pub fn fail(&self, at: u64, fault: Fault, seed: u64) {
        let mut disk = self.disk();
        disk.armed = Some((disk.steps + at, fault));
        disk.chance = Chance(seed);
    }

    /// Lets nothing go wrong from here on.
    pub fn mend(&self) {
        self.disk().armed = None;
    }

    /// How many steps changed this storage so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.disk().steps
    }

    /// What a machine finds here after a power cut at this moment: everything synced, and of the rest what `seed` decides.
    #[must_use]
    pub fn after_power_cut(&self, seed: u64) -> Self {
        let disk = self.disk();
        let chance = &mut Chance(seed);
        let files = disk.files.iter().map(|file| file.survivor(chance)).collect();
        let mut names = disk.durable.clone();
        for path in disk.now.keys().chain(disk.durable.keys()) {
            if chance.below(2) == 0 {
                match disk.now.get(path) {
                    Some(entry) => names.insert(path.clone(), *entry),
                    None => names.remove(path),
                };
            }
        }
        let found = |path: &str| directory_of(path).is_none_or(|parent| names.contains_key(parent));
        let now = names.iter().filter(|(path, _)| found(path)).map(|(path, entry)| (path.clone(), *entry)).collect();
        let after = Disk { files, durable: BTreeMap::clone(&now), now, ..Disk::default() };
        Self { disk: Arc::new(Mutex::new(after)), writing: Arc::default() }
    }

    /// The paths of all files, sorted.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let disk = self.disk();
        disk.now.iter().filter(|(_, entry)| **entry != Entry::Directory).map(|(path, _)| path.clone()).collect()
    }

    /// Damages a file: `change` gets its bytes and leaves others.
    ///
    /// # Panics
    /// Where there is no such file: a test that damages nothing proves nothing.
    pub fn damage(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut disk = self.disk();
        let file = disk.file(path).expect("the file to damage is there");
        let mut bytes = file.bytes.bytes().to_vec();
        change(&mut bytes);
        file.bytes = Arc::new(Lines::of(&[&bytes]));
        file.synced = file.synced.min(file.bytes.length);
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        // Every change of the disk is complete before anything can panic, so a poisoned lock guards a sound disk.
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Memory({} names)", self.disk().now.len())
    }
}

/// The directory that names `path`; none for the root.
fn directory_of(path: &str) -> Option<&str> {
    if path.is_empty() { None } else { Some(path.rsplit_once('/').map_or("", |(directory, _)| directory)) }
}

impl Content {
    /// What a power cut leaves: all that was synced; of the rest a beginning, with zeros or noise where blocks were not written.
    fn survivor(&self, chance: &mut Chance) -> Self {
        let mut bytes = self.bytes.bytes().to_vec();
        self.tear(&mut bytes[..self.synced], chance);
        if self.synced >= bytes.len() {
            return Self { synced: bytes.len(), bytes: Arc::new(Lines::of(&[&bytes])), before: None };
        }
        let torn = self.synced + chance.below(bytes.len() - self.synced + 1);
        match chance.below(3) {
            0 => bytes.truncate(torn),
            1 => bytes[torn..].fill(0),
            _ => bytes[torn..].iter_mut().for_each(|byte| *byte = chance.below(256) as u8),
        }
        Self { synced: bytes.len(), bytes: Arc::new(Lines::of(&[&bytes])), before: None }
    }

    /// Puts back some of what was written over and not synced.
    fn tear(&self, bytes: &mut [u8], chance: &mut Chance) {
        /// Less than a key takes, so that keys are torn too.
        const TORN_BYTES: usize = 16;
        let Some(before) = &self.before else { return };
        for (new, old) in bytes.chunks_mut(TORN_BYTES).zip(before.bytes().chunks(TORN_BYTES)) {
            if chance.below(2) == 0 {
                new[..old.len()].copy_from_slice(old);
            }
        }
    }
}

impl Disk {
    /// Counts a step and says what goes wrong in it.
    fn step(&mut self, operation: &'static str, path: &str) -> Result<Option<Fault>, StorageError> {
        if self.off {
            return Err(refused(operation, path, io::ErrorKind::BrokenPipe));
        }
        let armed = self.armed.filter(|(at, _)| *at == self.steps);
        self.steps += 1;
        match armed {
            Some((_, Fault::PowerCut)) => {
                self.off = true;
                Err(refused(operation, path, io::ErrorKind::BrokenPipe))
            }
            Some((_, fault)) => Ok(Some(fault)),
            None => Ok(None),
        }
    }

    /// A step that can only be done or not.
    fn whole_step(&mut self, operation: &'static str, path: &str) -> Result<(), StorageError> {
        match self.step(operation, path)? {
            Some(Fault::NoSpace) => Err(refused(operation, path, io::ErrorKind::StorageFull)),
            Some(_) => Err(refused(operation, path, io::ErrorKind::Other)),
            None => Ok(()),
        }
    }

    fn file(&mut self, path: &str) -> Option<&mut Content> {
        match self.now.get(path)? {
            Entry::File(number) => self.files.get_mut(*number),
            Entry::Directory => None,
        }
    }

    /// The number of a new, empty file.
    fn create(&mut self, path: &str) -> Result<usize, StorageError> {
        if self.now.contains_key(path) {
            return Err(refused("create", path, io::ErrorKind::AlreadyExists));
        }
        if directory_of(path).is_some_and(|parent| !self.now.contains_key(parent)) {
            return Err(refused("create", path, io::ErrorKind::NotFound));
        }
        let number = self.files.len();
        self.files.push(Content { bytes: Arc::new(Lines::of(&[])), synced: 0, before: None });
        self.now.insert(path.into(), Entry::File(number));
        Ok(number)
    }

    /// Adds `parts` to a file and syncs it, or what a `fault` leaves of that.
    fn extend(&mut self, path: &str, number: usize, parts: &[&[u8]], fault: Option<Fault>) -> Result<(), StorageError> {
        let before = Arc::clone(&self.files[number].bytes);
        let mut bytes = Lines::of(&[&[before.bytes()], parts].concat());
        if fault.is_some() {
            bytes.length = before.length + self.chance.below(bytes.length - before.length);
        }
        self.files[number].bytes = Arc::new(bytes);
        if matches!(fault, Some(Fault::NoSpace | Fault::SyncFailed)) {
            return Err(refused("write", path, io::ErrorKind::StorageFull));
        }
        self.whole_step("sync", path)?;
        self.files[number].synced = self.files[number].bytes.length;
        Ok(())
    }

    /// Writes `parts` over what a file has and syncs it, or what a `fault` leaves of that.
    fn overwrite(&mut self, path: &str, parts: &[(u64, &[u8])], fault: Option<Fault>) -> Result<(), StorageError> {
        let Some(&Entry::File(number)) = self.now.get(path) else {
            return Err(refused("open", path, io::ErrorKind::NotFound));
        };
        let old = Arc::clone(&self.files[number].bytes);
        let (mut bytes, total) = (old.bytes().to_vec(), parts.iter().map(|(_, part)| part.len()).sum());
        let mut left = if fault.is_some() { self.chance.below(total) } else { total };
        for (at, part) in parts {
            let part = &part[..left.min(part.len())];
            left -= part.len();
            let end = *at as usize + part.len();
            bytes.resize(bytes.len().max(end), 0);
            bytes[end - part.len()..end].copy_from_slice(part);
        }
        let file = &mut self.files[number];
        file.bytes = Arc::new(Lines::of(&[&bytes]));
        file.before.get_or_insert(old);
        if matches!(fault, Some(Fault::NoSpace | Fault::SyncFailed)) {
            return Err(refused("write", path, io::ErrorKind::StorageFull));
        }
        self.whole_step("sync", path)?;
        let file = &mut self.files[number];
        (file.before, file.synced) = (None, file.bytes.length);
        Ok(())
    }

    fn reading(&mut self, operation: &'static str, path: &str) -> Result<Arc<Lines>, StorageError> {
        if self.off {
            return Err(refused(operation, path, io::ErrorKind::BrokenPipe));
        }
        let file = self.file(path).ok_or_else(|| refused(operation, path, io::ErrorKind::NotFound))?;
        Ok(Arc::clone(&file.bytes))
    }
}

fn refused(operation: &'static str, path: &str, kind: io::ErrorKind) -> StorageError {
    StorageError::io(operation, path)(kind.into())
}

/// A file that grows at its end.
#[derive(Debug)]
struct Growing {
    memory: Memory,
    path: String,
    number: usize,
}

impl Append for Growing {
    fn append(&mut self, parts: &[&[u8]]) -> Result<(), StorageError> {
        let mut disk = self.memory.disk();
        let fault = disk.step("write", &self.path)?;
        disk.extend(&self.path, self.number, parts, fault)
    }
}

struct Writing(Arc<AtomicBool>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Storage for Memory {
    fn place(&self) -> String {
        "memory".into()
    }

    fn lock(&self) -> Result<WriterLock, StorageError> {
        if self.writing.swap(true, Ordering::Acquire) {
            return Err(StorageError::Locked { path: self.place() });
        }
        Ok(WriterLock::new(Writing(Arc::clone(&self.writing))))
    }

    fn create_dir(&self, path: &str) -> Result<(), StorageError> {
        let mut disk = self.disk();
        disk.whole_step("create", path)?;
        disk.now.entry(path.into()).or_insert(Entry::Directory);
        if path.is_empty() {
            disk.durable.insert(String::new(), Entry::Directory);
        }
        Ok(())
    }

    fn write(&self, path: &str, parts: &[&[u8]]) -> Result<(), StorageError> {
        let mut disk = self.disk();
        let fault = disk.step("write", path)?;
        let number = disk.create(path)?;
        disk.extend(path, number, parts, fault)
    }

    fn append(&self, path: &str) -> Result<Box<dyn Append>, StorageError> {
        let mut disk = self.disk();
        disk.whole_step("create", path)?;
        let number = disk.create(path)?;
        Ok(Box::new(Growing { memory: self.clone(), path: path.to_owned(), number }))
    }

    fn sync_dir(&self, path: &str) -> Result<(), StorageError> {
        let mut disk = self.disk();
        disk.whole_step("sync", path)?;
        let named = |name: &String| directory_of(name) == Some(path);
        let Disk { now, durable, .. } = &mut *disk;
        durable.retain(|name, _| !named(name));
        durable.extend(now.iter().filter(|(name, _)| named(name)).map(|(name, entry)| (name.clone(), *entry)));
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        let mut disk = self.disk();
        disk.whole_step("rename", from)?;
        let entry = disk.now.remove(from).ok_or_else(|| refused("rename", from, io::ErrorKind::NotFound))?;
        disk.now.insert(to.into(), entry);
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<(), StorageError> {
        let mut disk = self.disk();
        disk.whole_step("remove", path)?;
        if disk.now.remove(path).is_none() {
            return Err(refused("remove", path, io::ErrorKind::NotFound));
        }
        disk.now.retain(|name, _| directory_of(name) != Some(path));
        Ok(())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, StorageError> {
        let disk = self.disk();
        if disk.now.get(path) != Some(&Entry::Directory) {
            return Err(refused("list", path, io::ErrorKind::NotFound));
        }
        let inside = disk.now.keys().filter(|name| directory_of(name) == Some(path));
        Ok(inside.map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()).collect())
    }

    fn len(&self, path: &str) -> Result<u64, StorageError> {
        Ok(self.disk().reading("look at", path)?.length as u64)
    }

    fn read(&self, path: &str, most: usize) -> Result<Vec<u8>, StorageError> {
        let lines = self.disk().reading("read", path)?;
        Ok(lines.bytes()[..most.min(lines.length)].to_vec())
    }

    fn write_at(&self, path: &str, parts: &[(u64, &[u8])]) -> Result<(), StorageError> {
        let mut disk = self.disk();
        let fault = disk.step("write", path)?;
        disk.overwrite(path, parts, fault)
    }

    fn read_at(&self, path: &str, at: u64, most: usize) -> Result<Vec<u8>, StorageError> {
        let lines = self.disk().reading("read", path)?;
        let rest = lines.bytes().get(at as usize..).unwrap_or_default();
        Ok(rest[..most.min(rest.len())].to_vec())
    }

    fn map(&self, path: &str, length: u64, _access: Access) -> Result<Bytes, StorageError> {
        let lines = self.disk().reading("map", path)?;
        if lines.length as u64 != length {
            return Err(StorageError::Length { path: path.into(), stated: length, found: lines.length as u64 });
        }
        Ok(Bytes(Held::Shared(lines)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_cut_keeps_what_was_synced() {
        for seed in 0..64 {
            let memory = Memory::new();
            memory.create_dir("").unwrap();
            memory.write("old", &[b"whole"]).unwrap();
            memory.sync_dir("").unwrap();
            memory.fail(1, Fault::PowerCut, seed);
            assert!(memory.write("new", &[b"torn"]).is_err());
            assert!(memory.len("old").is_err(), "nothing works without power");
            let after = memory.after_power_cut(seed);
            assert_eq!(after.read("old", 99).unwrap(), b"whole", "seed {seed}");
        }
    }

    #[test]
    fn what_was_written_over_is_old_or_new_until_it_is_synced() {
        let (mut torn, mut stayed) = (false, false);
        for seed in 0..64 {
            let memory = Memory::new();
            memory.create_dir("").unwrap();
            memory.write("keys", &[&[1; 64]]).unwrap();
            memory.sync_dir("").unwrap();
            memory.write_at("keys", &[(0, &[2; 16]), (64, &[3; 16])]).unwrap();
            assert_eq!(memory.after_power_cut(seed).read_at("keys", 8, 16).unwrap(), [[2; 8], [1; 8]].concat());
            memory.fail(1, Fault::PowerCut, seed);
            assert!(memory.write_at("keys", &[(16, &[4; 32])]).is_err());
            let after = memory.after_power_cut(seed).read("keys", 99).unwrap();
            assert_eq!((&after[..16], &after[48..]), (&[2; 16][..], &[[1; 16], [3; 16]].concat()[..]));
            torn |= after[16..32] != after[32..48];
            stayed |= after[16..48] == [1; 32];
        }
        assert!(torn && stayed);
    }

    #[test]
    fn a_disk_that_lies_or_is_full_leaves_a_shorter_file() {
        for (fault, said) in [(Fault::ShortWrite, true), (Fault::NoSpace, false)] {
            let memory = Memory::new();
            memory.create_dir("").unwrap();
            memory.fail(0, fault, 7);
            assert_eq!(memory.write("column", &[&[1; 100]]).is_ok(), said);
            assert!(memory.len("column").unwrap() < 100);
        }
    }
}
