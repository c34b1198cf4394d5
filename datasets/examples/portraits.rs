//! Makes synthetic portraits to look at: `cargo run -p whorl-datasets --example portraits -- FOLDER PERSONS CAPTURES [CARELESSNESS]`.

use std::io::Write;
use std::time::Instant;

use whorl_datasets::synthetic::face::{Conditions, Face};

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |at: usize, otherwise: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let folder = arguments.get(1).cloned().unwrap_or_else(|| "portraits".to_owned());
    let (persons, captures) = (number(2, 6), number(3, 3));
    let carelessness: f32 = arguments.get(4).and_then(|text| text.parse().ok()).unwrap_or(1.0);
    std::fs::create_dir_all(&folder)?;
    let mut truths = std::fs::File::create(format!("{folder}/truth.csv"))?;
    let (mut grown_s, mut taken_s) = (0.0, 0.0);
    for person in 0..persons {
        let began = Instant::now();
        let face = Face::new(person);
        grown_s += began.elapsed().as_secs_f64();
        for capture in 0..captures {
            let seed = person * 1000 + capture;
            let how = Conditions::draw(carelessness, seed);
            let began = Instant::now();
            let portrait = face.photograph(&how, seed);
            taken_s += began.elapsed().as_secs_f64();
            let name = format!("{person}-{capture}");
            let ppm = [b"P6 240 320 255\n", portrait.samples()].concat();
            std::fs::write(format!("{folder}/{name}.ppm"), ppm)?;
            let truth = face.truth(&how);
            let numbers: Vec<String> =
                truth.points_px.iter().flatten().chain(&truth.box_px).map(|number| format!("{number:.2}")).collect();
            writeln!(truths, "{name},{}", numbers.join(","))?;
        }
    }
    let ms = 1e3 / persons as f64;
    println!("{:.1} ms a person, {:.1} ms a picture", grown_s * ms, taken_s * ms / captures as f64);
    Ok(())
}
