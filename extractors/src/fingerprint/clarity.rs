//! How much of the picture is ridges.

use whorl_kernels::{Kernels, Work};

use super::canvas::CELL_PX;
use super::grid::blur;
use super::plane::{Plane, row};

/// Spread of the neighbourhood, in cells.
const SIGMA_CELLS: f32 = 1.0;

/// Keeps the quotient of nothing by nothing at 0.
const NOTHING: f32 = 1e-3;

/// How well the enhanced picture explains the original around each cell: the correlation of the two, 0 to 1.
pub(super) fn clarity(ridges: &Plane, enhanced: &Plane) -> Plane {
    let dim = (ridges.nrows() / CELL_PX, ridges.ncols() / CELL_PX);
    let mut sums: [Plane; 3] = std::array::from_fn(|_| Plane::zeros(dim));
    let mut lanes = vec![[[0.0; CELL_PX]; 3]; dim.1];
    for cell_row in 0..dim.0 {
        lanes.fill([[0.0; CELL_PX]; 3]);
        for y in cell_row * CELL_PX..(cell_row + 1) * CELL_PX {
            let (ridges, enhanced) = (row(ridges, y), row(enhanced, y));
            Kernels::best().run(Products { ridges, enhanced, lanes: &mut lanes });
        }
        for (column, lanes) in lanes.iter().enumerate() {
            for (sums, lanes) in sums.iter_mut().zip(lanes) {
                sums[[cell_row, column]] = lanes.iter().sum();
            }
        }
    }
    let [both, seen, clear] = sums.map(|sums| blur(&sums, SIGMA_CELLS));
    ndarray::Zip::from(&both)
        .and(&seen)
        .and(&clear)
        .map_collect(|&both, &seen, &clear| (both / (seen * clear + NOTHING).sqrt()).clamp(0.0, 1.0))
}

/// Adds a row's products to the lanes of each cell: of both pictures, and of each with itself.
struct Products<'a> {
    ridges: &'a [f32],
    enhanced: &'a [f32],
    lanes: &'a mut [[[f32; CELL_PX]; 3]],
}

impl Work for Products<'_> {
    type Answer = ();

    #[allow(clippy::inline_always, reason = "compiled anew for each instruction set it is run on")]
    #[inline(always)]
    fn answer(self) {
        let rows = self.ridges.chunks_exact(CELL_PX).zip(self.enhanced.chunks_exact(CELL_PX));
        for ((ridges, enhanced), [both, seen, clear]) in rows.zip(self.lanes) {
            for x in 0..CELL_PX {
                both[x] += ridges[x] * enhanced[x];
                seen[x] += ridges[x] * ridges[x];
                clear[x] += enhanced[x] * enhanced[x];
            }
        }
    }
}
