//! The examples do what they say.

use std::ops::ControlFlow;

use rcgen::KeyPair;
use whorl_datasets::synthetic::population::Population;
use whorl_sdk::client::Client;
use whorl_sdk::client::identity::Signer;
use whorl_sdk::formats::image::encode_png;
use whorl_sdk::types::{GreyImage, Position, Ppi, Verdict};

use crate::authentication::enter;
use crate::country::Country;
use crate::people::{enrolment, id, photograph, print, samples};
use crate::running::Running;

#[path = "../../examples/bulk_import.rs"]
mod bulk_import;
#[path = "../../examples/enrolment_station.rs"]
mod enrolment_station;
#[path = "../../examples/registration_office.rs"]
mod registration_office;
#[path = "../../examples/verification_service.rs"]
mod verification_service;

#[test]
fn the_enrolment_station_captures_again_and_turns_away_whom_it_knows() {
    let (_running, client) = Running::start();
    let station = enrolment_station::Station { client: &client, gallery: "nation" };
    let blank = GreyImage::new(400, 400, vec![200; 160_000]).unwrap();
    let blank = encode_png(&blank, Some(Ppi::STANDARD));
    let enrol = |name: &str, capture: u64| {
        let mut pictures = vec![photograph(1, capture), print(1, capture), blank.clone()];
        let mut camera = |_| pictures.pop();
        let mut said = Vec::new();
        let positions = [Position::RightIndex, Position::LeftEye];
        let enrolled = station.enrol(id(name), &positions, &mut camera, &mut said).unwrap();
        (enrolled, String::from_utf8(said).unwrap())
    };
    let (ada, said) = enrol("ada", 1);
    assert!(ada.is_enrolled() && ada.templates == 2, "{said}");
    assert!(said.contains("right-index: please once more") && said.contains("unique: enrolled by change"), "{said}");
    let (adele, said) = enrol("adele", 2);
    assert_eq!((adele.is_enrolled(), adele.verdict), (false, Verdict::Duplicate));
    assert!(said.contains("duplicate: not enrolled") && said.contains("1 ada: "), "{said}");
}

#[test]
fn the_verification_service_answers_claims_in_their_order() {
    let (running, client) = Running::start();
    assert!(client.enrol(enrolment("ada", 1, 1)).unwrap().is_enrolled());
    let file = running.folder().join("eye.png");
    std::fs::write(&file, photograph(1, 2)).unwrap();
    let stranger = running.folder().join("stranger.png");
    std::fs::write(&stranger, photograph(2, 2)).unwrap();
    let claim = |who: &str, file: &std::path::Path| format!("{who} left {}", file.display());
    let claims = [claim("ada", &file), claim("ada", &stranger), claim("nobody", &file), "nonsense".to_owned()];
    let options = running.options();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let answers = runtime.block_on(async {
        let client = Client::connect(options).await.unwrap();
        let mut answers = Vec::new();
        verification_service::serve(&client, "nation", claims.into_iter(), |answer| answers.push(answer)).await;
        answers
    });
    let begins = ["ada: match, ", "ada: no match, ", "nobody: no match, nobody", "nonsense: no answer: a claim is"];
    assert!(answers.iter().zip(begins).all(|(answer, begin)| answer.starts_with(begin)), "{answers:?}");
    assert_eq!(answers.len(), 4);
}

#[test]
fn the_bulk_import_enrols_a_manifest_and_names_what_failed() {
    let (running, client) = Running::start();
    let people = running.folder().join("people");
    let population = Population { fingers: 2, irises: 1, ..Population::new(5, 7) };
    let made = population.write(&people, &|_, _| ControlFlow::Continue(())).unwrap();
    let text = std::fs::read_to_string(&made.manifest).unwrap();
    let missing = text.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    std::fs::remove_file(people.join(missing)).unwrap();
    let mut said = Vec::new();
    let imported = bulk_import::import(&client, "nation", &made.manifest, &mut said).unwrap();
    assert_eq!((imported.enrolled, imported.resembling.len(), imported.failed.len()), (4, 0, 1), "{imported:?}");
    assert!(String::from_utf8(said).unwrap().contains("4 of 5"));
    let again = bulk_import::import(&client, "nation", &made.manifest, &mut Vec::new()).unwrap();
    assert_eq!((again.enrolled, again.failed.len()), (4, 1), "who is there is done: {again:?}");
}

#[test]
fn the_registration_office_gives_a_number_and_partners_hear_whose_it_is() {
    let country = Country::start();
    let worker = |(name, roles): (&str, &[&str])| registration_office::Worker {
        name: name.to_owned(),
        token: country.token(name, roles),
    };
    let people: [(&str, &[&str]); 3] =
        [("olga", &["register"]), ("oskar", &["officer", "partners"]), ("gateway", &["authenticate"])];
    let bank = enter(&country, "bank", String::new());
    let sandbox = registration_office::Sandbox {
        url: country.running.options().address,
        people: people.map(worker).into(),
        partners: vec![registration_office::Asker { id: bank.id, api_key: bank.api_key }],
    };
    let serve = |person: u64, born: &str| {
        let visitor = registration_office::Visitor {
            given: "Ada".to_owned(),
            family: "Lovelace".to_owned(),
            born: born.to_owned(),
            samples: samples(person, 1),
        };
        let signer = Signer::from_pem(&KeyPair::generate().unwrap().serialize_pem()).unwrap();
        let mut said = Vec::new();
        let uin = registration_office::serve(&sandbox, signer, visitor, &mut said);
        (uin, String::from_utf8(said).unwrap())
    };
    let (uin, said) = serve(1, "1990-12-10");
    let uin = uin.unwrap();
    let lines = said.lines().collect::<Vec<_>>();
    assert_eq!(lines[0], format!("registered: UIN {uin}"));
    assert!(lines[1].starts_with("the bank asks: yes, and knows him as "), "{said}");
    assert!(lines[2].starts_with("the notary asks and signs: yes, "), "{said}");
    assert_eq!(lines[3], "somebody with its API key asks: no, the request is not signed by this partner (IDA-MPA-001)");
    assert_eq!(lines[4], "the bank asks of another day: no, he was not born then");
    let (again, _) = serve(1, "1990-12-10");
    assert!(again.unwrap_err().to_string().starts_with("people decide about it, in case "));
}
