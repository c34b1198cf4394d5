//! Calls of a sandbox by HTTP, as any client makes them.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::{Value, json};
use ureq::Agent;

use super::ground::{Ground, PEOPLE};

/// How long an answer may take: pictures are extracted, and the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(2);

/// How often is looked whether a registration is done.
const PAUSE: Duration = Duration::from_millis(50);

/// The longest text of a request that is shown whole: pictures are not.
const SHOWN_LETTERS: usize = 120;

/// The sandbox, as its people call it.
pub(super) struct Calls {
    url: String,
    agent: Agent,
    tokens: Vec<(&'static str, String)>,
}

/// A request and what came of it.
pub(super) struct Exchange {
    pub(super) answer: Value,
    pub(super) is_refused: bool,
}

impl Calls {
    pub(super) fn to(url: &str, ground: &Ground) -> anyhow::Result<Self> {
        let agent = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE)).build();
        let token = |&(name, roles): &(&'static str, &[&str])| Ok((name, ground.token(name, roles)?));
        let tokens = PEOPLE.iter().map(token).collect::<anyhow::Result<_>>()?;
        Ok(Self { url: url.to_owned(), agent: agent.into(), tokens })
    }

    /// What `who` is answered, whatever it is.
    pub(super) fn ask(&self, who: &str, path: &str, request: &Value) -> anyhow::Result<Exchange> {
        let token =
            self.tokens.iter().find(|(name, _)| *name == who).map(|(_, token)| token.as_str()).unwrap_or_default();
        let call = self.agent.post(format!("{}/identity/v1/{path}", self.url));
        let call = call.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
        let mut answered = call.send(request.to_string()).with_context(|| format!("cannot reach {path}"))?;
        let is_refused = !answered.status().is_success();
        let text = answered.body_mut().read_to_string().with_context(|| format!("cannot read the answer of {path}"))?;
        let answer = serde_json::from_str(&text).with_context(|| format!("the answer of {path} is no JSON"))?;
        Ok(Exchange { answer, is_refused })
    }

    /// The same, of a request that must not be refused.
    pub(super) fn call(&self, who: &str, path: &str, request: &Value) -> anyhow::Result<Value> {
        let Exchange { answer, is_refused } = self.ask(who, path, request)?;
        if is_refused {
            bail!("{path} was refused: {answer}");
        }
        Ok(answer)
    }

    /// Sends a registration, waits until it is done or waits for people, and gives what is said of it.
    pub(super) fn register(&self, request: &Value) -> anyhow::Result<Value> {
        self.call("olga", "registration/register", request)?;
        self.settled(request["id"].as_str().unwrap_or_default())
    }

    /// Waits until a registration is done or waits for people.
    pub(super) fn settled(&self, id: &str) -> anyhow::Result<Value> {
        loop {
            let found = self.call("oskar", "registration/get-registration", &json!({ "id": id }))?;
            let stage = found["stage"].as_str().unwrap_or_default();
            if ["ISSUED", "REJECTED", "IN_ADJUDICATION"].iter().any(|end| stage.ends_with(end)) {
                return Ok(found);
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// A message as it is shown: pictures are cut short.
pub(super) fn shown(message: &Value) -> Value {
    match message {
        Value::String(text) if text.len() > SHOWN_LETTERS => {
            let start = text.chars().take(24).collect::<String>();
            Value::String(format!("{start}... ({} letters)", text.len()))
        }
        Value::Array(values) => values.iter().map(shown).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), shown(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => message.clone(),
    }
}
