//! What a plan takes for granted, and what it does not know.

use whorl_types::ReferenceId;

pub(super) const SECONDS_A_DAY: f64 = 86_400.0;

/// 365 days of 24 hours, by 12.
pub(super) const HOURS_A_MONTH: f64 = 730.0;

/// `ln 100`: of a queue whose time in the system falls off exponentially, 99 of 100 are through after so many means. That is
/// so where searches arrive at random and take random times (M/M/1); all searches here take about the same time, which waits less.
pub(super) const TAIL: f64 = 4.605_170_185_988_092;

/// What the id of a person takes, once for all templates.
pub(super) const ID_BYTES: f64 = ReferenceId::MAX_BYTES as f64;

/// Memory for the system, the delta in memory and the templates of searches beside what is held.
pub(super) const MEMORY_HEADROOM: f64 = 1.2;

/// Disk for references that were removed (up to a fifth before a segment is made anew) and segments that are being merged.
pub(super) const DISK_HEADROOM: f64 = 1.3;

/// A full journal, and the one that is written while it is sealed.
pub(super) const JOURNALS_BYTES: f64 = (2_u64 * (256 << 20)) as f64;

/// What a server's disks give in reads of a few kilobytes here and there: 1 GiB a second to a machine of 16 cores.
pub(super) const READ_BYTES_PER_CORE_S: f64 = (64 << 20) as f64;

/// What was assumed, for people to read.
pub const ASSUMED: &[&str] = &[
    "every enrolment is one search of all persons and one durable change; no other searches",
    "of ten fingers two are scanned for everybody, the others for the few who have neither those nor an eye or a face",
    "the cores are like those of this machine, and as many of them scale as the lower of the two measured rates says",
    "in earnest 5.1 % of fingers and 2.4 % of irises pass the first stage (prints of five sets, irises of MMU1): what is more than here \
     costs full comparisons, at the rate measured here",
    "searches arrive at random; 99 of 100 are through after ln 100 x work / (cores - load), as in an M/M/1 queue that all cores serve \
     together",
    "memory: what every search reads, with 20 % for the system; what candidates are read from as well, where the reads exceed \
     64 MiB a second and core",
    "disk: 30 % for what was removed or is being merged, and two full journals",
    "a month has 730 hours",
];

/// What was left out, for people to read.
pub const NOT_MODELLED: &[&str] = &[
    "a gallery is searched by one machine today: where the cores or the memory are more than a machine has, the persons are to be \
     divided over several, and what that costs (network, merging, the slowest of them) is not in here",
    "extraction of templates from images, transport, decoding, the server, decisions and adjudication",
    "that of persons who have several fingers, eyes and faces the first stage passes fewer: each modality is reckoned as if alone",
    "faces of real models, which pass the first stage more often than the synthetic ones: strangers look more alike",
    "probes that are searched for alone cost up to a fifth more than those in batches of 32, which were measured",
    "a gallery of this size may be slower a row than the small one that was measured: caches, maps and memory far from a core",
    "sealing and merging beside the searches: whorl bench enrol measures them",
    "the first load of the population and its deduplication, all against all; growth: ask for the persons at the end",
    "copies at other places, backups, rebuilding after a failure, energy, people",
];
