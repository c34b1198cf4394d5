//! Who belongs together: references are nodes, verdicts are edges.

/// The groups of two or more that `links` hold together among `nodes` things, each in rising order, the groups by their first.
///
/// # Panics
/// Where a link names a node that is not below `nodes`.
#[must_use]
pub fn clusters(nodes: usize, links: impl IntoIterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut forest = Forest::new(nodes);
    for (a, b) in links {
        forest.join(a, b);
    }
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); nodes];
    for node in 0..nodes {
        let root = forest.root(node);
        groups[root].push(node);
    }
    groups.retain(|group| group.len() > 1);
    groups
}

/// Disjoint sets with path halving (Tarjan and van Leeuwen, "Worst-case analysis of set union algorithms", 1984); the root of
/// a set is its least node, so that groups come out in order.
struct Forest {
    parent: Vec<usize>,
}

impl Forest {
    fn new(nodes: usize) -> Self {
        Self { parent: (0..nodes).collect() }
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parent[node] != node {
            self.parent[node] = self.parent[self.parent[node]];
            node = self.parent[node];
        }
        node
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_chain_into_one_group() {
        assert_eq!(clusters(7, [(5, 3), (1, 5), (6, 2)]), [vec![1, 3, 5], vec![2, 6]]);
    }

    #[test]
    fn without_links_nobody_belongs_together() {
        assert_eq!(clusters(4, []), Vec::<Vec<usize>>::new());
        assert_eq!(clusters(0, []), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_link_may_be_said_twice_and_to_oneself() {
        assert_eq!(clusters(3, [(0, 2), (2, 0), (1, 1)]), [vec![0, 2]]);
    }
}
