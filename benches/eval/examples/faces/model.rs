//! The model that is watched.

use std::path::Path;

use whorl_extractors::face::Model;
use whorl_extractors::face::model::{Description, Sha256};
use whorl_extractors::face::network::{Network, NetworkError, Runtime, Tensor, load};
use whorl_types::Pixels;

/// The model that the options name.
pub(crate) fn open<'a>(option: &impl Fn(&str) -> Option<&'a String>) -> Option<Model> {
    if let Some(path) = option("--model") {
        return Some(Model::open(Path::new(path), Runtime::Rten).unwrap_or_else(|error| panic!("{path}: {error}")));
    }
    let (path, side_px) = (option("--detector")?, option("--side")?);
    let onnx = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let text = format!(
        "name = \"detector\"\nversion = 1\n[licence]\nname = \"unknown\"\ntext = \"A detector under test.\"\n[detector]\n\
         file = \"detector.onnx\"\nsha256 = \"{0}\"\ndecoding = \"yunet\"\nside_px = {side_px}\nfixed = true\ncolour = \"bgr\"\n\
         mean = 0.0\nscale = 1.0\nscore = 0.6\n[embedder]\nfile = \"none.onnx\"\nsha256 = \"{0}\"\nwidth_px = 112\n\
         height_px = 112\ncolour = \"rgb\"\nmean = 127.5\nscale = 0.0078125\npoints = [[38.2946, 51.6963], [73.5318, 51.5014], \
         [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]\noutput = \"embedding\"\ndimension = 1\n",
        Sha256::of(&onnx)
    );
    let description = Description::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    let network = load(Runtime::Rten, &onnx).unwrap_or_else(|error| panic!("{path}: {error}"));
    let model = Model::from_parts(description, network, Box::new(Nothing(["embedding".to_owned()])));
    Some(model.unwrap_or_else(|error| panic!("{path}: {error}")))
}

/// Embeds every face alike.
struct Nothing([String; 1]);

impl Network for Nothing {
    fn outputs(&self) -> &[String] {
        &self.0
    }

    fn run(&self, _input: &Tensor) -> Result<Vec<Tensor>, NetworkError> {
        Ok(vec![Tensor { shape: vec![1, 1], values: vec![1.0] }])
    }
}

/// Writes a crop.
pub(crate) fn write(crop: &Pixels, path: &Path) {
    let (width, height) = (crop.width_px(), crop.height_px());
    let (samples, colour) = match crop {
        Pixels::Grey(grey) => (grey.pixels(), image::ExtendedColorType::L8),
        Pixels::Rgb(rgb) => (rgb.samples(), image::ExtendedColorType::Rgb8),
    };
    let written = image::save_buffer(path, samples, width, height, colour);
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
