//! The figures of a plan in the order in which they follow from one another.

use super::Step;

#[derive(Debug, Default)]
pub(super) struct Steps(Vec<Step>);

impl Steps {
    /// Notes a figure and how it came about, and gives it back.
    pub(super) fn take(&mut self, name: &'static str, value: f64, unit: &'static str, formula: String) -> f64 {
        self.0.push(Step { name, value, unit, formula });
        value
    }

    pub(super) fn taken(self) -> Vec<Step> {
        self.0
    }
}
