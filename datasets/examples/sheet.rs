//! Makes a few synthetic prints and eyes to look at: `cargo run -p whorl-datasets --example sheet -- FOLDER`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use whorl_datasets::synthetic::fingerprint::{self, Finger, Sensor};
use whorl_datasets::synthetic::iris::{self, Camera, Iris};
use whorl_types::{Position, Ppi};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "sheet".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for person in 0..6 {
        print_finger(person, &folder)?;
        photograph_eye(person, &folder)?;
    }
    Ok(())
}

fn print_finger(person: u64, folder: &Path) -> std::io::Result<()> {
    let started = Instant::now();
    let finger = Finger::new(person, Position::ALL[person as usize + 1]);
    println!("person {person}: {:?}, grown in {:?}", finger.pattern(), started.elapsed());
    for (seed, sensor) in [Sensor::Optical, Sensor::Capacitive, Sensor::Thermal, Sensor::Ink].into_iter().enumerate() {
        let seed = person * 100 + seed as u64;
        let print = finger.print(&fingerprint::Conditions::draw(sensor, 1.0, seed), seed);
        let png = whorl_formats::image::encode_png(&print, Some(Ppi::STANDARD));
        std::fs::write(folder.join(format!("{person}-{sensor:?}.png")), png)?;
    }
    Ok(())
}

fn photograph_eye(person: u64, folder: &Path) -> std::io::Result<()> {
    let started = Instant::now();
    let eye = Iris::new(person, [Position::RightEye, Position::LeftEye][person as usize % 2]);
    println!("person {person}: an iris woven in {:?}", started.elapsed());
    for (seed, camera) in Camera::ALL.into_iter().enumerate() {
        let seed = person * 100 + seed as u64;
        let started = Instant::now();
        let photograph = eye.photograph(&iris::Conditions::draw(camera, 1.0, seed), seed);
        println!("  {camera:?}: {:?}", started.elapsed());
        let png = whorl_formats::image::encode_png(&photograph, None);
        std::fs::write(folder.join(format!("{person}-{camera:?}.png")), png)?;
    }
    Ok(())
}
