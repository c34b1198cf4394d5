//! The one file that calls faiss, through its C interface: vectors in, labels out.
#![allow(unsafe_code, reason = "faiss is a C++ library behind a C interface")]

use std::ffi::{CStr, CString, c_int};
use std::path::Path;
use std::ptr::NonNull;

use faiss_sys as sys;

use super::{AnnError, AnnKind, FaissError};

/// Faces that the building of a graph keeps in view (`efConstruction`): from 128 on more found hardly more.
const BUILDING_EFFORT: u32 = 128;

/// Has the codes and links of a graph mapped (`IO_FLAG_MMAP_IFC`).
const MAP_GRAPH: c_int = 1 << 9;

/// Has lists mapped (`IO_FLAG_MMAP`).
const MAP_LISTS: c_int = 0x646f_0008;

unsafe extern "C" {
    /// How many threads of OpenMP the calling thread uses; of libgomp, which faiss is linked with.
    safe fn omp_set_num_threads(threads: c_int);
}

/// An index of faiss over vectors of one dimension.
pub(super) struct Graph {
    index: NonNull<sys::FaissIndex>,
    kind: AnnKind,
    dimension: usize,
}

// SAFETY: the index belongs to this value alone, and nothing of it is bound to the thread that made it.
unsafe impl Send for Graph {}

// SAFETY: what takes `&self` only calls functions of faiss that are `const` there, which many threads may call at once by its
// documentation ("Threads and asynchronous calls"); they write to memory of their own and to counters that nobody reads.
unsafe impl Sync for Graph {}

impl Drop for Graph {
    fn drop(&mut self) {
        // SAFETY: the index was made by faiss, and nobody has it any more.
        unsafe { sys::faiss_Index_free(self.index.as_ptr()) };
    }
}

impl Graph {
    /// Whether this program has faiss.
    pub(super) const AVAILABLE: bool = true;

    /// An empty index.
    pub(super) fn new(kind: AnnKind, dimension: usize) -> Result<Self, AnnError> {
        let recipe = match kind {
            AnnKind::Hnsw { links, .. } => format!("HNSW{links}_SQ8"),
            AnnKind::Ivf { lists, .. } => format!("IVF{lists},SQ8"),
        };
        let recipe = CString::new(recipe).map_err(|_| FaissError("the recipe has a zero".to_owned()))?;
        let mut made = std::ptr::null_mut();
        let metric = sys::FaissMetricType_METRIC_L2;
        // SAFETY: the recipe ends with a zero, and `made` is there to be written.
        succeeded(unsafe { sys::faiss_index_factory(&raw mut made, dimension as c_int, recipe.as_ptr(), metric) })?;
        let mut graph = Self { index: there(made)?, kind, dimension };
        if let AnnKind::Hnsw { .. } = kind {
            graph.set(c"efConstruction", BUILDING_EFFORT)?;
        }
        Ok(graph)
    }

    /// The index in a file, mapped. Faiss trusts what it reads, so the caller has checked that this is what it wrote.
    pub(super) fn open(path: &Path, kind: AnnKind, dimension: usize) -> Result<Self, AnnError> {
        let (path, mut read) = (c_path(path)?, std::ptr::null_mut());
        let flags = match kind {
            AnnKind::Hnsw { .. } => MAP_GRAPH,
            AnnKind::Ivf { .. } => MAP_LISTS,
        };
        // SAFETY: the path ends with a zero, and `read` is there to be written.
        succeeded(unsafe { sys::faiss_read_index_fname(path.as_ptr(), flags, &raw mut read) })?;
        let mut graph = Self { index: there(read)?, kind, dimension };
        // SAFETY: the index is alive, and reading its dimension changes nothing.
        if unsafe { sys::faiss_Index_d(graph.index.as_ptr()) } != dimension as c_int {
            return Err(FaissError("the vectors have another dimension than stated".to_owned()).into());
        }
        match kind {
            AnnKind::Hnsw { effort, .. } => graph.set(c"efSearch", effort)?,
            AnnKind::Ivf { effort, .. } => graph.set(c"nprobe", effort)?,
        }
        Ok(graph)
    }

    /// Learns what it must know of vectors before it takes any.
    pub(super) fn train(&mut self, vectors: &[f32]) -> Result<(), FaissError> {
        let count = self.count(vectors)?;
        omp_set_num_threads(rayon::current_num_threads() as c_int);
        // SAFETY: the index is ours alone, and there are `count` vectors of its dimension.
        succeeded(unsafe { sys::faiss_Index_train(self.index.as_ptr(), count, vectors.as_ptr()) })
    }

    /// Adds vectors, whose labels follow those before.
    pub(super) fn add(&mut self, vectors: &[f32]) -> Result<(), FaissError> {
        let count = self.count(vectors)?;
        omp_set_num_threads(rayon::current_num_threads() as c_int);
        // SAFETY: the index is ours alone, and there are `count` vectors of its dimension.
        succeeded(unsafe { sys::faiss_Index_add(self.index.as_ptr(), count, vectors.as_ptr()) })
    }

    /// Writes it to a new file.
    pub(super) fn write(&self, path: &Path) -> Result<(), FaissError> {
        let path = c_path(path)?;
        // SAFETY: the index is alive, and the path ends with a zero.
        succeeded(unsafe { sys::faiss_write_index_fname(self.index.as_ptr(), path.as_ptr()) })
    }

    /// How many vectors it has.
    pub(super) fn rows(&self) -> u64 {
        // SAFETY: the index is alive, and counting changes nothing.
        unsafe { sys::faiss_Index_ntotal(self.index.as_ptr()) }.max(0) as u64
    }

    /// The labels of the nearest vectors that it finds, `most` or fewer.
    pub(super) fn nearest(&self, vector: &[f32], most: usize) -> Result<Vec<u64>, FaissError> {
        if self.count(vector)? != 1 {
            return Err(FaissError("one vector at a time".to_owned()));
        }
        // All threads of the pool search at once, so each does so alone.
        omp_set_num_threads(1);
        let (_, labels) = match self.kind {
            AnnKind::Hnsw { .. } => search(self.index, vector, most)?,
            AnnKind::Ivf { lists, effort } => self.nearest_in_lists(vector, most, lists.min(effort) as usize)?,
        };
        Ok(labels.into_iter().filter_map(|label| u64::try_from(label).ok()).collect())
    }

    /// The search of `faiss_Index_search` in its two steps: in one, lists that are mapped would be read ahead by 32 threads
    /// that every search starts anew.
    fn nearest_in_lists(&self, vector: &[f32], most: usize, effort: usize) -> Result<Answer, FaissError> {
        // SAFETY: the index is alive and has lists, as `kind` says; its quantizer lives as long as it does.
        let centres = there(unsafe { sys::faiss_IndexIVF_quantizer(self.index.as_ptr()) })?;
        let (apart, lists) = search(centres, vector, effort)?;
        let (mut distances, mut labels) = empty(most);
        // SAFETY: the index is alive; there is one vector of its dimension, as many lists and their distances as it reads
        // (`nprobe`, which was set to `effort`, at most all), and room for `most` answers.
        succeeded(unsafe {
            sys::faiss_IndexIVF_search_preassigned(
                self.index.as_ptr(),
                1,
                vector.as_ptr(),
                most as sys::idx_t,
                lists.as_ptr(),
                apart.as_ptr(),
                distances.as_mut_ptr(),
                labels.as_mut_ptr(),
                0,
            )
        })?;
        Ok((distances, labels))
    }

    /// Sets a parameter by the name that faiss has for it.
    fn set(&mut self, name: &CStr, value: u32) -> Result<(), FaissError> {
        let mut space = std::ptr::null_mut();
        // SAFETY: `space` is there to be written.
        succeeded(unsafe { sys::faiss_ParameterSpace_new(&raw mut space) })?;
        // SAFETY: the space was just made, the index is ours alone, and the name ends with a zero.
        let set = succeeded(unsafe {
            sys::faiss_ParameterSpace_set_index_parameter(space, self.index.as_ptr(), name.as_ptr(), f64::from(value))
        });
        // SAFETY: the space was made above, and nobody has it any more.
        unsafe { sys::faiss_ParameterSpace_free(space) };
        set
    }

    /// How many vectors these numbers are.
    fn count(&self, vectors: &[f32]) -> Result<sys::idx_t, FaissError> {
        let whole = self.dimension > 0 && vectors.len().is_multiple_of(self.dimension);
        let count = whole.then(|| vectors.len() / self.dimension);
        count.map(|count| count as sys::idx_t).ok_or_else(|| FaissError("a vector is cut short".to_owned()))
    }
}

/// Distances and labels.
type Answer = (Vec<f32>, Vec<sys::idx_t>);

/// Room for an answer; what is not found stays below zero.
fn empty(most: usize) -> Answer {
    (vec![f32::INFINITY; most], vec![-1; most])
}

/// Searches any index for one vector, whose dimension the caller has checked.
fn search(index: NonNull<sys::FaissIndex>, vector: &[f32], most: usize) -> Result<Answer, FaissError> {
    let (mut distances, mut labels) = empty(most);
    // SAFETY: the index is alive, there is one vector of its dimension, and room for `most` distances and labels.
    succeeded(unsafe {
        sys::faiss_Index_search(
            index.as_ptr(),
            1,
            vector.as_ptr(),
            most as sys::idx_t,
            distances.as_mut_ptr(),
            labels.as_mut_ptr(),
        )
    })?;
    Ok((distances, labels))
}

/// What faiss says of a call that ended with `code`.
fn succeeded(code: c_int) -> Result<(), FaissError> {
    if code == 0 {
        return Ok(());
    }
    // SAFETY: faiss keeps the message of the last error of this thread, or none, until the next call.
    let said = unsafe { sys::faiss_get_last_error().as_ref() }.map(|said| {
        // SAFETY: the message ends with a zero.
        unsafe { CStr::from_ptr(said) }.to_string_lossy().into_owned()
    });
    Err(FaissError(said.unwrap_or_else(|| format!("error {code}"))))
}

/// What faiss made, which is never nothing.
fn there(made: *mut sys::FaissIndex) -> Result<NonNull<sys::FaissIndex>, FaissError> {
    NonNull::new(made).ok_or_else(|| FaissError("there is no index".to_owned()))
}

fn c_path(path: &Path) -> Result<CString, FaissError> {
    let bytes = path.as_os_str().as_encoded_bytes();
    CString::new(bytes).map_err(|_| FaissError("the path has a zero".to_owned()))
}
