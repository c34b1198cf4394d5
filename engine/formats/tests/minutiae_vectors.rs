//! Minutiae records of other makers. Skipped where the sample data is absent.

mod samples;

use std::fs;
use std::path::Path;

use whorl_formats::minutiae::{Format, MinutiaeRecord, decode};
use whorl_types::{MinutiaKind, Position};

fn accepted(path: &Path) -> MinutiaeRecord {
    let bytes = fs::read(path).expect("the file was just listed");
    let record = decode(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(record.encode() == bytes, "{} does not come back byte for byte", path.display());
    record
}

/// What the JSON beside the samples of fingerprintio-java says of both of their views.
#[test]
fn the_samples_of_fingerprintio_are_read_as_its_authors_read_them() {
    let Some(folder) = samples::folder("standards/fingerprintio") else { return };
    let formats = [
        ("ansi378v2004", Format::Ansi2004),
        ("ansi378v2009", Format::Ansi2009),
        ("ansi378v2009am1", Format::Ansi2009Am1),
        ("iso19794p2v2005", Format::Iso2005),
        ("iso19794p2v2011", Format::Iso2011),
    ];
    for (name, format) in formats {
        let record = accepted(&folder.join(format!("{name}-sample.dat")));
        assert_eq!(record.format(), format);
        let views = record.views();
        assert_eq!([views[0].position(), views[1].position()], [Position::LeftIndex, Position::RightIndex]);
        assert_eq!([views[0].minutiae().len(), views[1].minutiae().len()], [27, 22], "{name}");
        assert_eq!([views[0].quality_blocks()[0].score, views[1].quality_blocks()[0].score], [90, 70]);
        let plane = views[1].plane();
        assert_eq!((plane.width_px, plane.height_px, plane.x_per_cm, plane.y_per_cm), (512, 512, 197, 197));
        let (first, last) = (views[0].minutiae()[0], views[1].minutiae()[21]);
        assert_eq!((first.kind(), first.x_px(), first.y_px()), (MinutiaKind::Ending, 100, 14));
        assert_eq!((last.kind(), last.x_px(), last.y_px()), (MinutiaKind::Bifurcation, 125, 73));
        assert_eq!([first.quality(), last.quality()], [Some(90), Some(40)]);
        let fingers = record.fingers().unwrap();
        assert_eq!((fingers[1].width_px, fingers[1].height_px), (512, 512));
        assert_eq!(views[1].extended().blocks().count(), 1, "{name}");
    }
}

#[test]
fn an_angle_means_the_same_direction_in_degrees_and_in_256ths() {
    let Some(folder) = samples::folder("standards/fingerprintio") else { return };
    let ansi = accepted(&folder.join("ansi378v2009-sample.dat")).fingers().unwrap();
    let iso = accepted(&folder.join("iso19794p2v2011-sample.dat")).fingers().unwrap();
    // The authors rounded each angle of the ISO sample down to steps of 2 degrees.
    let differences = ansi[0].minutiae.iter().zip(&iso[0].minutiae).map(|(a, b)| a.angle.abs_diff(b.angle));
    assert!(differences.filter(|difference| *difference <= 2).count() >= 24);
}

#[test]
fn the_records_of_libbiomeval_are_read_with_their_lies() {
    let Some(folder) = samples::folder("standards/libbiomeval") else { return };
    let summary = |name: &str| {
        let record = accepted(&folder.join(name));
        let views = record.views();
        (record.format(), views.iter().map(|view| view.minutiae().len()).collect::<Vec<_>>())
    };
    assert_eq!(summary("fmr.iso2005"), (Format::Iso2005, vec![27, 22]));
    assert_eq!(summary("fmr.ansi2004"), (Format::Ansi2004, vec![27, 22, 28]));
    assert_eq!(summary("fmr.ansi2007"), (Format::Ansi2007, vec![27, 22]));
}

#[test]
fn truncated_records_are_refused_and_their_whole_siblings_accepted() {
    let Some(folder) = samples::folder("standards/openafis") else { return };
    for path in samples::files(&folder, "iso") {
        if path.display().to_string().contains("invalid") {
            let error = decode(&fs::read(&path).unwrap()).unwrap_err().to_string();
            assert!(error.contains("at byte 2") && error.contains("cut short"), "{error}");
        } else {
            let finger = &accepted(&path).fingers().unwrap()[0];
            assert_eq!((finger.width_px, finger.height_px), (300, 400));
        }
    }
}

#[test]
fn every_template_of_other_extractors_is_read() {
    let Some(folder) = samples::folder("fingerprint") else { return };
    let mut read = 0;
    for set in ["fvc2002_db1b", "fvc2002_db3b", "fvc2004_db1b", "fvc2004_db3b"] {
        for maker in ["secugen-iso", "fingerjet-iso"] {
            for path in samples::files(&folder.join(set).join(maker), "iso") {
                if fs::read(&path).unwrap().is_empty() {
                    continue; // one extractor found nothing in one picture
                }
                let record = accepted(&path);
                assert_eq!((record.format(), record.fingers().unwrap().len()), (Format::Iso2005, 1));
                read += 1;
            }
        }
    }
    assert_eq!(read, 639);
}

#[test]
fn the_templates_of_fingerjet_are_read() {
    let Some(folder) = samples::folder("standards/fingerjet") else { return };
    let paths = samples::files(&folder, "ist");
    assert_eq!(paths.iter().map(|path| accepted(path).fingers().unwrap()[0].minutiae.len()).max(), Some(68));
    assert_eq!(paths.len(), 9);
}
