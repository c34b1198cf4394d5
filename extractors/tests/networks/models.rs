//! Models: descriptions and the files that they name.

use std::fs;
use std::path::{Path, PathBuf};

use whorl_extractors::face::model::{Description, DescriptionError, Model, ModelError, Sha256};
use whorl_extractors::face::network::{NetworkError, Runtime, Tensor, load};

use crate::nets::{attack, detector, embedder};
use crate::onnx::{Graph, single};

const POINTS: &str =
    "[[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]";

/// The description of the tests' networks.
fn described() -> String {
    let [detector, embedder] = [detector(), embedder()].map(|graph| Sha256::of(&graph.file()));
    format!(
        "name = \"tiny\"\nversion = 3\n\n[licence]\nname = \"MPL-2.0\"\ntext = \"Untrained.\"\n\n[detector]\nfile = \"detector.onnx\"\n\
         sha256 = \"{detector}\"\ndecoding = \"yunet\"\nside_px = 64\nfixed = true\ncolour = \"bgr\"\nmean = 0\nscale = 1.0\n\
         score = 0.6\n\n[embedder]\nfile = \"embedder.onnx\"\nsha256 = \"{embedder}\"\nwidth_px = 112\nheight_px = 112\n\
         colour = \"rgb\"\nmean = 127.5\nscale = 0.0078125\npoints = {POINTS}\noutput = \"embedding\"\ndimension = 8\n"
    )
}

fn with_attack() -> String {
    let hash = Sha256::of(&attack().file());
    let crop = "width_px = 80\nheight_px = 80\ncolour = \"rgb\"\nmean = 0.0\nscale = 1.0\n";
    let points = "points = [[27, 37], [52, 37], [40, 51], [30, 66], [50, 66]]\n";
    described()
        + &format!(
            "\n[attack]\nfile = \"attack.onnx\"\nsha256 = \"{hash}\"\n{crop}{points}output = \"classes\"\ndimension = 2\nclass = 1\n"
        )
}

/// A folder with a model's files; it is removed at the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(description: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("there is room for a folder"));
        fs::write(folder.toml(), description).expect("there is room for a description");
        for (name, graph) in [("detector", detector()), ("embedder", embedder()), ("attack", attack())] {
            folder.write(&format!("{name}.onnx"), &graph.file());
        }
        folder
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.0.path().join(name), bytes).expect("there is room for a network");
    }

    fn toml(&self) -> PathBuf {
        self.0.path().join("model.toml")
    }

    fn open(&self) -> Result<Model, ModelError> {
        Model::open(&self.toml(), Runtime::Rten)
    }
}

#[test]
fn a_model_opens_and_says_which_it_is() {
    let folder = Folder::with(&described());
    let model = folder.open().unwrap();
    let description = model.description();
    assert_eq!((description.name.as_str(), description.version, description.embedder.dimension), ("tiny", 3, 8));
    assert_eq!(
        (description.detector.side_px, description.detector.fixed, description.embedder.mirrored),
        (64, true, false)
    );
    assert_eq!(model.extractor(), format!("whorl-face 1 (tiny 3, {})", model.id()));
    assert_eq!(format!("{model:?}"), format!("Model({})", model.extractor()));
    let embedding = model.embed(&Tensor::zeros(&description.embedder.crop.shape())).unwrap();
    assert_eq!(embedding.len(), 8);
    assert_eq!(model.attack_probability(&Tensor::zeros(&[1, 3, 80, 80])), Ok(None));
}

#[test]
fn a_model_with_a_network_for_attacks_gives_their_probability() {
    let model = Folder::with(&with_attack()).open().unwrap();
    let probability = model.attack_probability(&Tensor::zeros(&[1, 3, 80, 80])).unwrap().unwrap();
    // Zeros leave the biases, -39/64 and -2/64, of which the second is that of an attack.
    let expected = 1.0 / (1.0 + f64::exp(-37.0 / 64.0));
    assert!((f64::from(probability) - expected).abs() < 1e-5, "{probability} instead of {expected}");
    let alone = Model::from_parts(
        Description::parse(&with_attack()).unwrap(),
        load(Runtime::Rten, &detector().file()).unwrap(),
        load(Runtime::Rten, &embedder().file()).unwrap(),
    );
    assert_eq!(alone.unwrap_err(), ModelError::Attack);
}

#[test]
fn the_id_follows_from_what_changes_embeddings_and_from_nothing_else() {
    let id = |text: &str| Description::parse(text).unwrap().id();
    let plain = id(&described());
    // Fixed for ever: galleries hold it.
    assert_eq!(plain.to_string(), "13b843f8");
    assert_eq!(id(&with_attack()), plain);
    for (from, to) in [
        ("tiny", "other"),
        ("version = 3", "version = 4"),
        ("MPL-2.0", "MIT"),
        ("Untrained.", "Trained."),
        ("mean = 0\n", "mean = -0.0\n"),
    ] {
        assert_eq!(id(&described().replacen(from, to, 1)), plain, "{from} to {to}");
    }
    for (from, to) in [
        ("side_px = 64", "side_px = 96"),
        ("fixed = true", "fixed = false"),
        ("\"bgr\"", "\"rgb\""),
        ("mean = 127.5", "mean = 127"),
        ("scale = 1.0", "scale = 2.0"),
        ("score = 0.6", "score = 0.7"),
        ("width_px = 112", "width_px = 96"),
        ("height_px = 112", "height_px = 128"),
        ("38.2946", "38.2947"),
        ("\"embedding\"", "\"other\""),
        ("dimension = 8", "dimension = 9"),
        ("dimension = 8", "dimension = 8\nmirrored = true"),
    ] {
        assert_ne!(id(&described().replacen(from, to, 1)), plain, "{from} to {to}");
    }
}

#[test]
fn a_slip_of_the_pen_is_named_with_what_was_meant() {
    let said = |from: &str, to: &str| Description::parse(&described().replacen(from, to, 1)).unwrap_err().to_string();
    assert_eq!(
        said("scale = 1.0", "scael = 1.0"),
        "line 16: nobody knows \"detector.scael\"; do you mean \"detector.scale\"?"
    );
    assert_eq!(said("version = 3", "version = 3\nauthor = \"me\""), "line 3: nobody knows \"author\"");
    assert_eq!(said("[licence]", "[license]"), "line 4: nobody knows \"license\"; do you mean \"licence\"?");
    assert_eq!(said("score = 0.6", ""), "\"detector.score\" is missing");
    assert_eq!(said("name = \"tiny\"\n", ""), "\"name\" is missing");
    assert!(said("version = 3", "version = = 3").starts_with("line 2: "));
    assert!(matches!(Description::parse(&"#".repeat(70_000)), Err(DescriptionError::TooLong { bytes: 70_000 })));
}

#[test]
fn a_value_out_of_its_range_is_named_with_the_range() {
    for (from, to, key) in [
        ("\"tiny\"", "\"Tiny Net\"", "name"),
        ("\"tiny\"", "\"..\"", "name"),
        ("\"tiny\"", "7", "name"),
        ("version = 3", "version = 0", "version"),
        ("version = 3", "version = 3.5", "version"),
        ("\"MPL-2.0\"", "\"\"", "licence.name"),
        ("\"Untrained.\"", "\"Free\\u001b[2J\"", "licence.text"),
        ("\"Untrained.\"", "\"Free \\u202e\"", "licence.text"),
        ("\"detector.onnx\"", "\"../detector.onnx\"", "detector.file"),
        ("\"detector.onnx\"", "\"a/b.onnx\"", "detector.file"),
        ("decoding = \"yunet\"", "decoding = \"retina\"", "detector.decoding"),
        ("side_px = 64", "side_px = 100", "detector.side_px"),
        ("side_px = 64", "side_px = 4096", "detector.side_px"),
        ("side_px = 64", "side_px = -64", "detector.side_px"),
        ("fixed = true", "fixed = 1", "detector.fixed"),
        ("colour = \"bgr\"", "colour = \"cmyk\"", "detector.colour"),
        ("mean = 0", "mean = 256", "detector.mean"),
        ("scale = 1.0", "scale = 0", "detector.scale"),
        ("scale = 1.0", "scale = nan", "detector.scale"),
        ("score = 0.6", "score = 1", "detector.score"),
        ("width_px = 112", "width_px = 16", "embedder.width_px"),
        ("height_px = 112", "height_px = 1024", "embedder.height_px"),
        ("[[38.2946", "[[338.2946", "embedder.points"),
        ("[[38.2946, 51.6963], ", "[", "embedder.points"),
        ("[[38.2946, 51.6963], ", "[[90, 51.6963], ", "embedder.points"),
        ("dimension = 8", "dimension = 513", "embedder.dimension"),
        ("dimension = 8", "dimension = 0", "embedder.dimension"),
        ("output = \"embedding\"", "output = \"\"", "embedder.output"),
    ] {
        match Description::parse(&described().replacen(from, to, 1)) {
            Err(DescriptionError::Wrong { key: found, .. }) => assert_eq!(found, key, "{to}"),
            other => panic!("{to}: {other:?}"),
        }
    }
    let beyond = with_attack().replace("class = 1", "class = 2");
    assert!(Description::parse(&beyond).unwrap_err().to_string().contains("attack.class"));
}

#[test]
fn any_description_gives_a_model_or_an_error() {
    let text = with_attack();
    for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
        let _ = Description::parse(&text[..at]);
        let _ = Description::parse(&text[at..]);
    }
    let _ = Description::parse(&"[".repeat(60_000));
    let _ = Description::parse(&format!("a = {}", "[".repeat(60_000)));
}

#[test]
fn a_file_that_is_absent_changed_or_no_network_is_named() {
    let folder = Folder::with(&described());
    fs::remove_file(folder.0.path().join("embedder.onnx")).unwrap();
    assert!(matches!(folder.open(), Err(ModelError::Read { path, .. }) if path.ends_with("embedder.onnx")));
    let folder = Folder::with(&described());
    folder.write("detector.onnx", &embedder().file());
    assert!(matches!(folder.open(), Err(ModelError::Hash { path, .. }) if path.ends_with("detector.onnx")));
    let junk = b"no network";
    let hash = |graph: &Graph| Sha256::of(&graph.file()).to_string();
    let folder = Folder::with(&described().replace(&hash(&detector()), &Sha256::of(junk).to_string()));
    folder.write("detector.onnx", junk);
    let error = folder.open().unwrap_err();
    assert!(
        matches!(&error, ModelError::Network { file, error: NetworkError::Unreadable { .. } } if file == "detector.onnx"),
        "{error}"
    );
    assert!(matches!(Model::open(Path::new("nowhere/model.toml"), Runtime::Rten), Err(ModelError::Read { .. })));
    let folder = Folder::with(&described());
    folder.write("model.toml", b"name = \"a\"\n\xff\xfe");
    assert!(folder.open().unwrap_err().to_string().ends_with("line 2: no UTF-8"));
}

#[test]
fn a_network_that_does_not_do_what_is_described_is_refused() {
    let error = |text: String| Folder::with(&text).open().unwrap_err();
    let wrong = error(described().replace("dimension = 8", "dimension = 9"));
    assert!(matches!(&wrong, ModelError::Shape { output, wanted: 9, .. } if output == "embedding"), "{wrong}");
    let wrong = error(described().replace("\"embedding\"", "\"fc1\""));
    assert_eq!(wrong.to_string(), "embedder.onnx has no output \"fc1\"; it has embedding");
    let wrong = error(described().replace("side_px = 64", "side_px = 96"));
    assert!(matches!(&wrong, ModelError::Network { file, .. } if file == "detector.onnx"), "{wrong}");
    let wrong = error(described().replace("width_px = 112", "width_px = 128"));
    assert!(matches!(&wrong, ModelError::Network { file, .. } if file == "embedder.onnx"), "{wrong}");
    let logits = Graph::new(&[1, 3, 80, 80])
        .weights("weights", &[2, 3])
        .weights("bias", &[2])
        .node("GlobalAveragePool", &["input"], "pool", &[])
        .node("Flatten", &["pool"], "flat", &[])
        .node("Gemm", &["flat", "weights", "bias"], "classes", &[single("transB", 1)])
        .output("classes", &[1, 2])
        .file();
    let hash = |bytes: &[u8]| Sha256::of(bytes).to_string();
    let folder = Folder::with(&with_attack().replace(&hash(&attack().file()), &hash(&logits)));
    folder.write("attack.onnx", &logits);
    let wrong = folder.open().unwrap_err();
    assert!(wrong.to_string().contains("no probability"), "{wrong}");
}

#[test]
fn the_description_of_sface_can_be_read_and_its_detector_works() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("face/models/sface.toml")).unwrap();
    let description = Description::parse(&text).unwrap();
    assert_eq!((description.embedder.dimension, description.embedder.crop.shape()), (128, [1, 3, 112, 112]));
    assert!(description.networks().all(|network| network.url.as_ref().is_some_and(|url| url.starts_with("https://"))));
    let data = std::env::var_os("WHORL_DATA").map_or_else(|| root.join("../../shared/data"), PathBuf::from);
    let Ok(onnx) = fs::read(data.join("face/models/yunet_s_640_640.onnx")) else {
        return println!("skipped: no yunet_s_640_640.onnx under WHORL_DATA");
    };
    assert_eq!(Sha256::of(&onnx), description.detector.network.sha256);
    // With an embedder of our own in SFace's place, so that the detector is run at the side that is described.
    let text = text.replace("\"fc1\"", "\"embedding\"").replace("dimension = 128", "dimension = 8");
    let [detector, embedder] = [onnx, embedder().file()].map(|onnx| load(Runtime::Rten, &onnx).unwrap());
    assert!(Model::from_parts(Description::parse(&text).unwrap(), detector, embedder).is_ok());
}
