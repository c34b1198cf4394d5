//! Whether networks give what their description says, found out by running each once on zeros.

use super::description::{Attack, Detector, Embedder};
use super::error::ModelError;
use crate::face::network::{Network, Tensor};

/// The heads of a detector with the values that each gives for a cell.
pub(super) const HEADS: [(&str, usize); 4] = [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)];

/// Sides of the detector's cells.
pub(super) const STRIDES_PX: [usize; 3] = [8, 16, 32];

/// One network under examination.
struct Examined<'a> {
    network: &'a dyn Network,
    file: &'a str,
    outputs: Vec<Tensor>,
}

impl<'a> Examined<'a> {
    fn run(network: &'a dyn Network, file: &'a str, shape: &[usize]) -> Result<Self, ModelError> {
        let ran = network.run(&Tensor::zeros(shape));
        let outputs = ran.map_err(|error| ModelError::Network { file: file.to_owned(), error })?;
        Ok(Self { network, file, outputs })
    }

    /// The place of the output `name`, which has `wanted` finite values, and those.
    fn output(&self, name: &str, wanted: usize) -> Result<(usize, &[f32]), ModelError> {
        let Some(place) = self.network.outputs().iter().position(|output| output == name) else {
            let found = self.network.outputs().to_vec();
            return Err(ModelError::NoOutput { file: self.file.to_owned(), output: name.to_owned(), found });
        };
        let Tensor { shape, values } = &self.outputs[place];
        if values.len() != wanted {
            let (file, output) = (self.file.to_owned(), name.to_owned());
            return Err(ModelError::Shape { file, output, found: shape.clone(), wanted });
        }
        match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(self.value(name, *value, "finite number")),
            None => Ok((place, values)),
        }
    }

    fn value(&self, name: &str, value: f32, wanted: &'static str) -> ModelError {
        ModelError::Value { file: self.file.to_owned(), output: name.to_owned(), found: value.to_string(), wanted }
    }
}

/// That all twelve heads are there.
pub(super) fn detector(description: &Detector, network: &dyn Network) -> Result<(), ModelError> {
    let side = description.side_px;
    let shape = [1, description.feeding.colour.channels(), side, side];
    let examined = Examined::run(network, &description.network.file, &shape)?;
    for stride in STRIDES_PX {
        let cells = (side / stride).pow(2);
        for (head, values) in HEADS {
            examined.output(&format!("{head}_{stride}"), cells * values)?;
        }
    }
    Ok(())
}

/// The place of the embedding among the outputs.
pub(super) fn embedder(description: &Embedder, network: &dyn Network) -> Result<usize, ModelError> {
    let examined = Examined::run(network, &description.network.file, &description.crop.shape())?;
    examined.output(&description.output, description.dimension).map(|(place, _)| place)
}

/// The place of the probabilities among the outputs.
pub(super) fn attack(description: &Attack, network: &dyn Network) -> Result<usize, ModelError> {
    let examined = Examined::run(network, &description.network.file, &description.crop.shape())?;
    let (place, values) = examined.output(&description.output, description.dimension)?;
    match values.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        Some(value) => {
            Err(examined.value(&description.output, *value, "probability; export the network with its softmax"))
        }
        None => Ok(place),
    }
}
