//! Makes a few synthetic prints to look at: `cargo run -p whorl-datasets --example sheet -- FOLDER`.

use std::path::PathBuf;
use std::time::Instant;

use whorl_datasets::synthetic::fingerprint::{Conditions, Finger, Sensor};
use whorl_types::{Position, Ppi};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "sheet".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for person in 0..6 {
        let started = Instant::now();
        let finger = Finger::new(person, Position::ALL[person as usize + 1]);
        println!("person {person}: {:?}, grown in {:?}", finger.pattern(), started.elapsed());
        for (seed, sensor) in
            [Sensor::Optical, Sensor::Capacitive, Sensor::Thermal, Sensor::Ink].into_iter().enumerate()
        {
            let seed = person * 100 + seed as u64;
            let print = finger.print(&Conditions::draw(sensor, 1.0, seed), seed);
            let png = whorl_formats::image::encode_png(&print, Some(Ppi::STANDARD));
            std::fs::write(folder.join(format!("{person}-{sensor:?}.png")), png)?;
        }
    }
    Ok(())
}
