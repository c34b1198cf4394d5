//! Searches that arrive while others run share a pass over the gallery: the first of them waits a little for more, and asks for all.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use whorl_index::{SearchError, Wanted};

use super::{DeskError, Gathering};
use crate::identify::{CandidateList, IdentifyError, Search};
use crate::sample::Instance;

/// What looks for several probes in one pass.
type Pass<'a> = dyn Fn(&[Vec<Instance>], &Wanted) -> Result<Vec<CandidateList>, IdentifyError> + 'a;

/// The searches of one gallery.
#[derive(Debug)]
pub(super) struct Together {
    gathering: Gathering,
    state: Mutex<State>,
    /// Rung when somebody joined, and when a pass is over.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Groups that others may still join.
    open: Vec<Arc<Group>>,
    /// Passes that are being made.
    running: usize,
}

/// Those who share a pass.
#[derive(Debug)]
struct Group {
    search: Search,
    members: Mutex<Vec<Member>>,
}

#[derive(Debug)]
struct Member {
    /// What is looked for, until the pass begins.
    probe: Vec<Instance>,
    wanted: Wanted,
    answer: Option<Result<CandidateList, DeskError>>,
}

impl Together {
    pub(super) fn new(gathering: Gathering) -> Self {
        let wait = gathering.wait.min(Gathering::LONGEST);
        Self { gathering: Gathering { wait, ..gathering }, state: Mutex::default(), changed: Condvar::new() }
    }

    /// The answer to `probe`, by a pass that it shares with those who search in the same way.
    pub(super) fn search(
        &self,
        probe: Vec<Instance>,
        search: &Search,
        wanted: Wanted,
        pass: &Pass<'_>,
    ) -> Result<CandidateList, DeskError> {
        let member = Member { probe, wanted, answer: None };
        let (group, place, leads) = self.join(member, search);
        if leads {
            self.gather(&group);
            Leader { together: self, group: &group }.run(pass);
        } else {
            let unanswered = |_: &mut State| lock(&group.members)[place].answer.is_none();
            drop(self.changed.wait_while(lock(&self.state), unanswered));
        }
        let answer = lock(&group.members)[place].answer.take();
        answer.unwrap_or(Err(DeskError::Broken))
    }

    /// Joins those who wait for others and search alike, or leads a group of its own. One whose search must end at a time of its own
    /// joins nobody.
    fn join(&self, member: Member, search: &Search) -> (Arc<Group>, usize, bool) {
        let mut state = lock(&self.state);
        let fits = |group: &&Arc<Group>| group.search == *search && search.within.is_none();
        if let Some(group) = state.open.iter().find(fits).cloned() {
            let mut members = lock(&group.members);
            members.push(member);
            let (place, is_full) = (members.len() - 1, members.len() >= self.gathering.most.get());
            drop(members);
            if is_full {
                state.open.retain(|open| !Arc::ptr_eq(open, &group));
                self.changed.notify_all();
            }
            return (group, place, false);
        }
        let group = Arc::new(Group { search: *search, members: Mutex::new(vec![member]) });
        if self.gathering.most.get() > 1 {
            state.open.push(Arc::clone(&group));
        }
        (group, 0, true)
    }

    /// Waits for others to join, while other passes run anyway, and lets nobody join any more.
    fn gather(&self, group: &Arc<Group>) {
        let end = Instant::now() + self.gathering.wait;
        let mut state = lock(&self.state);
        let is_open = |state: &State| state.open.iter().any(|open| Arc::ptr_eq(open, group));
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.running == 0 || !is_open(&state) {
                break;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.open.retain(|open| !Arc::ptr_eq(open, group));
        state.running += 1;
    }
}

/// Who asks for all of a group; whatever happens to it, the others hear of it and go on.
struct Leader<'a> {
    together: &'a Together,
    group: &'a Group,
}

impl Leader<'_> {
    fn run(&self, pass: &Pass<'_>) {
        let mut members = lock(&self.group.members);
        // Who has gone meanwhile is not looked for.
        let asking = (0..members.len()).filter(|&place| members[place].wanted.by_anybody()).collect::<Vec<_>>();
        let wanted = Wanted::by_all(asking.iter().map(|&place| members[place].wanted.clone()));
        let probes = asking.iter().map(|&place| std::mem::take(&mut members[place].probe)).collect::<Vec<_>>();
        drop(members);
        let answered = if probes.is_empty() { Ok(Vec::new()) } else { pass(&probes, &wanted) };
        let mut members = lock(&self.group.members);
        match answered {
            Ok(answers) => {
                for (&place, answer) in asking.iter().zip(answers) {
                    members[place].answer = Some(Ok(answer));
                }
            }
            Err(error) => {
                for &place in &asking {
                    members[place].answer = Some(Err(error.clone().into()));
                }
            }
        }
        let gone = || Some(Err(IdentifyError::from(SearchError::Unwanted).into()));
        members.iter_mut().filter(|member| member.answer.is_none()).for_each(|member| member.answer = gone());
    }
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        for member in lock(&self.group.members).iter_mut() {
            // Only a panic leaves somebody without an answer.
            member.answer.get_or_insert(Err(DeskError::Broken));
        }
        lock(&self.together.state).running -= 1;
        self.together.changed.notify_all();
    }
}

/// What is behind these locks is whole even if somebody panicked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
