//! How many requests a client may make, a second and at the same time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use thiserror::Error;

use super::client::Client;
use super::settings::LimitSettings;

/// How long who has too many requests under way is told to wait: about as long as a search takes.
const CONCURRENCY_WAIT: Duration = Duration::from_secs(1);

/// Counts the requests of every client.
#[derive(Debug)]
pub struct Limits {
    settings: LimitSettings,
    accounts: Mutex<HashMap<String, Arc<Account>>>,
    clock: DefaultClock,
}

/// What is known of one client.
#[derive(Debug)]
struct Account {
    rate: DefaultDirectRateLimiter,
    under_way: AtomicU32,
    heard_of: Mutex<Instant>,
}

/// Why a request must wait.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum OverLimit {
    /// More a second than the client may make.
    #[error("the client makes more than {per_second} requests a second: wait {} ms", wait.as_millis())]
    Rate {
        /// What it may make.
        per_second: u32,
        /// When the next is taken.
        wait: Duration,
    },
    /// More at the same time than the client may make.
    #[error("the client has {most} requests under way, the most it may have: wait until one is answered")]
    Concurrency {
        /// What it may have.
        most: u32,
    },
    /// Too many clients at the same time.
    #[error("{most} clients have requests under way, the most that are counted: try again later")]
    Clients {
        /// The most that are counted.
        most: u32,
    },
}

impl OverLimit {
    /// How long to wait before the next try.
    #[must_use]
    pub fn wait(self) -> Duration {
        match self {
            Self::Rate { wait, .. } => wait,
            Self::Concurrency { .. } | Self::Clients { .. } => CONCURRENCY_WAIT,
        }
    }
}

/// A request that is under way; dropped, it no longer is.
#[derive(Debug)]
pub struct Admission(Arc<Account>);

impl Drop for Admission {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Limits {
    /// Limits in which nobody was heard of yet.
    #[must_use]
    pub fn new(settings: LimitSettings) -> Self {
        Self { settings, accounts: Mutex::default(), clock: DefaultClock::default() }
    }

    /// How long a request may stall.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.settings.stall_s.get().into())
    }

    /// Takes a request of `client`, until the admission is dropped. One that is refused counts for the rate all the same.
    ///
    /// # Errors
    /// [`OverLimit`].
    pub fn admit(&self, client: &Client) -> Result<Admission, OverLimit> {
        let admission = self.enter(client.to_string())?;
        let most = self.settings.concurrent_requests.get();
        admission.0.rate.check().map_err(|not_until| OverLimit::Rate {
            per_second: self.settings.requests_per_second.get(),
            wait: not_until.wait_time_from(self.clock.now()),
        })?;
        if admission.0.under_way.load(Ordering::Acquire) > most {
            return Err(OverLimit::Concurrency { most });
        }
        Ok(admission)
    }

    /// Counts a request as under way. That happens under the lock, so that nobody is forgotten who has one.
    fn enter(&self, name: String) -> Result<Admission, OverLimit> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = if let Some(known) = accounts.get(&name) {
            Arc::clone(known)
        } else {
            self.make_room(&mut accounts)?;
            let account = Arc::new(Account::new(&self.settings));
            accounts.insert(name, Arc::clone(&account));
            account
        };
        account.under_way.fetch_add(1, Ordering::AcqRel);
        *account.heard_of.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        Ok(Admission(account))
    }

    /// Forgets whoever was not heard of for longest where there is no room for one more.
    fn make_room(&self, accounts: &mut HashMap<String, Arc<Account>>) -> Result<(), OverLimit> {
        let most = self.settings.remembered_clients.get();
        if accounts.len() < most as usize {
            return Ok(());
        }
        let idle = accounts.iter().filter(|(_, account)| account.under_way.load(Ordering::Acquire) == 0);
        let heard_of = |account: &Account| *account.heard_of.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(longest) = idle.min_by_key(|(_, account)| heard_of(account)).map(|(name, _)| name.clone()) else {
            return Err(OverLimit::Clients { most });
        };
        accounts.remove(&longest);
        Ok(())
    }
}

impl Account {
    fn new(settings: &LimitSettings) -> Self {
        let quota = Quota::per_second(settings.requests_per_second).allow_burst(settings.burst);
        Self { rate: RateLimiter::direct(quota), under_way: AtomicU32::new(0), heard_of: Mutex::new(Instant::now()) }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;
    use crate::security::client::By;
    use crate::security::role::Roles;

    fn limits(burst: u32, concurrent: u32, clients: u32) -> Limits {
        let some = |count| NonZeroU32::new(count).unwrap();
        Limits::new(LimitSettings {
            requests_per_second: some(1),
            burst: some(burst),
            concurrent_requests: some(concurrent),
            remembered_clients: some(clients),
            ..LimitSettings::default()
        })
    }

    fn client(name: &str) -> Client {
        Client { name: name.to_owned(), roles: Roles::NONE, by: By::Token }
    }

    #[test]
    fn who_asks_too_often_is_told_how_long_to_wait_and_others_are_not_held_up() {
        let limits = limits(3, 100, 100);
        assert!((0..3).all(|_| limits.admit(&client("a")).is_ok()));
        let refused = limits.admit(&client("a")).unwrap_err();
        assert!(matches!(refused, OverLimit::Rate { per_second: 1, .. }));
        assert!(refused.wait() > Duration::ZERO && refused.wait() <= Duration::from_secs(1), "{refused:?}");
        assert!(limits.admit(&client("b")).is_ok());
    }

    #[test]
    fn a_request_counts_as_under_way_until_its_admission_is_dropped() {
        let limits = limits(100, 2, 100);
        let held = [limits.admit(&client("a")).unwrap(), limits.admit(&client("a")).unwrap()];
        assert_eq!(limits.admit(&client("a")).unwrap_err(), OverLimit::Concurrency { most: 2 });
        assert_eq!(
            limits.admit(&client("a")).unwrap_err(),
            OverLimit::Concurrency { most: 2 },
            "refusals do not pile up"
        );
        drop(held);
        assert!(limits.admit(&client("a")).is_ok());
    }

    #[test]
    fn a_certificate_and_a_token_of_one_name_are_counted_apart() {
        let limits = limits(1, 100, 100);
        assert!(limits.admit(&client("a")).is_ok());
        assert!(limits.admit(&Client { by: By::Certificate, ..client("a") }).is_ok());
    }

    #[test]
    fn no_more_clients_are_remembered_than_may_be_and_the_idle_go_first() {
        let limits = limits(100, 100, 2);
        let busy = limits.admit(&client("busy")).unwrap();
        for number in 0..10 {
            assert!(limits.admit(&client(&format!("passing {number}"))).is_ok());
            assert!(limits.accounts.lock().unwrap().len() <= 2);
        }
        assert!(limits.accounts.lock().unwrap().contains_key("token busy"));
        let other = limits.admit(&client("other")).unwrap();
        assert_eq!(limits.admit(&client("one more")).unwrap_err(), OverLimit::Clients { most: 2 });
        drop((busy, other));
    }

    #[test]
    fn many_threads_never_exceed_the_limit_together() {
        let limits = limits(100_000, 4, 10);
        let most = AtomicU32::new(0);
        let now = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        let Ok(admission) = limits.admit(&client("a")) else { continue };
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        now.fetch_sub(1, Ordering::SeqCst);
                        drop(admission);
                    }
                });
            }
        });
        assert!((1..=4).contains(&most.load(Ordering::SeqCst)), "{most:?}");
    }
}
