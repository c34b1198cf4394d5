//! Files over the network: bounded, in bounded time, resumed where they were cut short.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body};

use super::address::Address;
use crate::console::Bars;

/// How long a host may take to accept a connection, its name and its certificate included.
const CONNECT: Duration = Duration::from_secs(15);

/// How long a host may be silent before and within an answer.
const SILENCE: Duration = Duration::from_secs(30);

/// How long a whole answer may take: 512 MiB at 1.2 Mbit/s. What took longer goes on with the next run.
const WHOLE: Duration = Duration::from_hours(1);

/// How many times an address may lead to another; GitHub's large files need two.
const MAX_REDIRECTS: usize = 5;

/// What is read and written at once.
const BLOCK_BYTES: usize = 64 << 10;

/// Everything at `address`, where it is not over `most` bytes.
///
/// # Errors
/// Where the host cannot be reached, has no such file, or has a larger one.
pub(super) fn text(address: &Address, most: usize) -> anyhow::Result<Vec<u8>> {
    let mut answer = ask(address, 0)?;
    check_found(address, answer.status())?;
    let mut bytes = Vec::new();
    let mut bounded = answer.body_mut().as_reader().take(most as u64 + 1);
    bounded.read_to_end(&mut bytes).with_context(|| format!("cannot read {address}"))?;
    if bytes.len() > most {
        bail!("{address} has over {most} bytes, which is refused");
    }
    Ok(bytes)
}

/// Brings the file at `partial` to what is at `address`, and says how many bytes came now and how many were there before. What
/// the file holds is taken for the beginning.
///
/// # Errors
/// Where the host cannot be reached, has no such file, or has one over `most` bytes. What came until then is kept.
pub(super) fn file(address: &Address, partial: &Path, most: u64, bars: &Bars) -> anyhow::Result<(u64, u64)> {
    let mut file = open(partial)?;
    let kept = file.seek(SeekFrom::End(0))?;
    let mut answer = ask(address, kept)?;
    let kept = match answer.status() {
        StatusCode::PARTIAL_CONTENT if begins(&answer) == Some(kept) => kept,
        // A host that does not know Range sends everything; one that has less than is kept has another file.
        StatusCode::OK => restart(&mut file)?,
        StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT => {
            restart(&mut file)?;
            answer = ask(address, 0)?;
            check_found(address, answer.status())?;
            0
        }
        status => {
            check_found(address, status)?;
            bail!("{address} answers {status}, which is no file");
        }
    };
    let total = answer.body().content_length().map(|rest| kept.saturating_add(rest));
    if total.is_some_and(|total| total > most) {
        bail!("{address} has over {most} bytes, which is refused");
    }
    bars.begin_bytes(address.host(), kept, total);
    let come = copy(&mut answer, &mut file, most.saturating_sub(kept), bars);
    match come {
        Ok(Some(come)) => Ok((come, kept)),
        Ok(None) => {
            restart(&mut file)?;
            bail!("{address} has over {most} bytes, which is refused")
        }
        Err(error) => {
            let have = file.stream_position().unwrap_or(kept);
            Err(error).with_context(|| {
                format!(
                    "{address} broke off; the {have} bytes that came are kept, and the same command goes on from there"
                )
            })
        }
    }
}

/// The file, held by this program alone.
fn open(partial: &Path) -> anyhow::Result<File> {
    let named = || format!("cannot write {}", partial.display());
    let file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(partial).with_context(named)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another whorl is fetching {}", partial.display()),
        Err(TryLockError::Error(error)) => Err(error).with_context(named),
    }
}

fn restart(file: &mut File) -> io::Result<u64> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))
}

/// Copies until the end, and says how much; nothing where there is more than `most`.
fn copy(answer: &mut Response<Body>, file: &mut File, most: u64, bars: &Bars) -> io::Result<Option<u64>> {
    let mut from = answer.body_mut().as_reader();
    let mut block = vec![0; BLOCK_BYTES];
    let mut come = 0;
    loop {
        let count = from.read(&mut block)?;
        if count == 0 {
            return Ok(Some(come));
        }
        come += count as u64;
        if come > most {
            return Ok(None);
        }
        file.write_all(&block[..count])?;
        whorl_service::Watch::advance(bars, count);
    }
}

/// The answer of the host, from the byte `from` on where it can do that, after it led wherever it did.
fn ask(address: &Address, from: u64) -> anyhow::Result<Response<Body>> {
    let mut address = address.clone();
    for _ in 0..=MAX_REDIRECTS {
        let mut request = agent(&address).get(address.uri()).header(header::ACCEPT_ENCODING, "identity");
        if from > 0 {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let answer = request.call().map_err(|error| unreached(&address, error))?;
        if !answer.status().is_redirection() {
            return Ok(answer);
        }
        let location = answer.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
        address = address.follow(location.unwrap_or_default())?;
    }
    bail!("{address} leads from address to address without end")
}

fn agent(address: &Address) -> Agent {
    let config = Agent::config_builder()
        .user_agent(concat!("whorl/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        // Each address that another leads to is looked at first.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(SILENCE))
        .timeout_per_read(Some(SILENCE))
        .timeout_recv_body(Some(WHOLE));
    // No proxy leads to this computer.
    let config = if address.is_loopback() { config.proxy(None) } else { config };
    Agent::new_with_config(config.build())
}

fn unreached(address: &Address, error: ureq::Error) -> anyhow::Error {
    let host = address.host().to_owned();
    anyhow::Error::new(error).context(format!(
        "cannot reach {host}, so nothing was installed: is there a network? The model that Whorl ships needs none"
    ))
}

/// The byte with which a partial answer begins, by its `Content-Range` (RFC 9110, 14.4).
fn begins(answer: &Response<Body>) -> Option<u64> {
    let range = answer.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.trim().strip_prefix("bytes")?.trim_start().split('-').next()?.trim().parse().ok()
}

fn check_found(address: &Address, status: StatusCode) -> anyhow::Result<()> {
    if status.is_success() {
        return Ok(());
    }
    bail!("{} answers {status} for {address}", address.host())
}
