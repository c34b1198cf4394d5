//! A QR code (ISO/IEC 18004) of a text, small enough to be printed on a card and read by a telephone.

use std::fmt::Write;

use qrcode::{Color, EcLevel};

/// Why there is no QR code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// There is too much to say.
    #[error("{bytes} bytes do not fit into a QR code for a card, which holds {most}: leave out claims, or put them behind an address", most = QrCode::MOST_BYTES)]
    TooLong {
        /// How many.
        bytes: usize,
    },
    /// There is nothing to say.
    #[error("a QR code of nothing")]
    Empty,
    /// The library refuses.
    #[error("QR code: {0}")]
    Library(#[from] qrcode::types::QrError),
}

/// A square of dark and light modules.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    width: usize,
    dark: Vec<bool>,
}

impl std::fmt::Debug for QrCode {
    /// Without what it says.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QrCode of {0} by {0} modules", self.width)
    }
}

impl QrCode {
    /// What version 25 holds in bytes with the error correction M: 117 modules a side, 0.24 mm each where a card gives them 30 mm
    /// with their margin. Smaller ones run together in print.
    ///
    /// A compact credential of a name, a birth date and the like fits. A portrait does not, nor does a verifiable credential of many
    /// claims, nor one with disclosures: these go over a network, or in a file.
    pub const MOST_BYTES: usize = 997;

    /// The light modules that must be around it.
    pub const MARGIN_MODULES: usize = 4;

    /// The code of `text`. Of it 15 % can be lost and it still is read.
    ///
    /// # Errors
    /// [`QrError`] where it is empty or longer than [`QrCode::MOST_BYTES`].
    pub fn new(text: &str) -> Result<Self, QrError> {
        if text.is_empty() {
            return Err(QrError::Empty);
        }
        if text.len() > Self::MOST_BYTES {
            return Err(QrError::TooLong { bytes: text.len() });
        }
        let code = qrcode::QrCode::with_error_correction_level(text, EcLevel::M)?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { width: code.width(), dark })
    }

    /// Modules a side, without the margin.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module at `x` from the left and `y` from the top is dark; outside all are light.
    #[must_use]
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.width && self.dark[y * self.width + x]
    }

    /// As an SVG of its own, `side_mm` wide and high with its margin.
    #[must_use]
    pub fn svg(&self, side_mm: f32) -> String {
        let side = self.width + 2 * Self::MARGIN_MODULES;
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{side_mm}mm" height="{side_mm}mm" viewBox="0 0 {side} {side}"><rect width="{side}" height="{side}" fill="#fff"/>{}</svg>"##,
            self.path()
        )
    }

    /// Its dark modules as one SVG path, a unit each, with the margin to the left and above.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for y in 0..self.width {
            let mut x = 0;
            while x < self.width {
                let run = (x..self.width).take_while(|x| self.is_dark(*x, y)).count();
                if run > 0 {
                    // Writing to a text cannot fail.
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + Self::MARGIN_MODULES, y + Self::MARGIN_MODULES);
                }
                x += run.max(1);
            }
        }
        format!(r##"<path d="{path}" fill="#000" shape-rendering="crispEdges"/>"##)
    }
}
