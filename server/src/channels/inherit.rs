//! What a channel keeps of its category when that is gone.

use snug_protocol::{Overwrite, OverwriteTarget, Permissions, RoleId};
use std::collections::BTreeMap;

/// The overwrites of a channel outside its category, ordered by target: what both changed together.
///
/// One layer cannot say all that two can. Where it cannot, it gives less: nobody gets a permission by it that they
/// did not have before.
pub(super) fn inherit(everyone: RoleId, category: &[Overwrite], own: &[Overwrite]) -> Vec<Overwrite> {
    let everyone = OverwriteTarget::Role(everyone);
    // What the channel says to everyone comes after all that the category says to anyone.
    let said = own.iter().filter(|o| o.target == everyone).fold(Permissions::NONE, |sum, o| sum | o.allow | o.deny);
    // What it takes from a role comes after what the category gives to another one, or to a member, who may have it.
    let role = |o: &&Overwrite| o.target != everyone && matches!(o.target, OverwriteTarget::Role(_));
    let taken = own.iter().filter(role).fold(Permissions::NONE, |sum, o| sum | o.deny);
    let kept = category.iter().map(|o| match o.target == everyone {
        true => *o,
        false => Overwrite { allow: o.allow.minus(said).minus(taken), deny: o.deny.minus(said), ..*o },
    });
    let mut overwrites: BTreeMap<_, _> = kept.map(|o| (o.target, o)).collect();
    for own in own {
        let sum = overwrites.entry(own.target).or_insert(Overwrite { allow: Permissions::NONE, deny: Permissions::NONE, ..*own });
        sum.allow = sum.allow.minus(own.deny) | own.allow;
        sum.deny = sum.deny.minus(own.allow) | own.deny;
    }
    overwrites.into_values().filter(|o| !(o.allow | o.deny).is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use snug_protocol::{
        Permission, UserId,
        permission::{Layer, in_channel},
    };

    const EVERYONE: RoleId = RoleId::new(1).unwrap();
    const ROLES: [RoleId; 2] = [RoleId::new(2).unwrap(), RoleId::new(3).unwrap()];
    const MEMBER: UserId = UserId::new(4).unwrap();
    const BITS: Permissions = Permissions::of(&[Permission::ViewChannel, Permission::SendMessages, Permission::ManageMessages]);

    fn bits() -> impl Strategy<Value = Permissions> {
        any::<u64>().prop_map(|bits| Permissions::from_bits(bits) & BITS)
    }

    fn overwrites() -> impl Strategy<Value = Vec<Overwrite>> {
        let role = OverwriteTarget::Role;
        let targets = vec![role(EVERYONE), role(ROLES[0]), role(ROLES[1]), OverwriteTarget::Member(MEMBER)];
        let chosen = proptest::sample::subsequence(targets, 0..=4);
        chosen.prop_flat_map(|targets| {
            let each = |target| (bits(), bits()).prop_map(move |(allow, deny)| Overwrite { target, allow, deny: deny.minus(allow) });
            targets.into_iter().map(each).collect::<Vec<_>>()
        })
    }

    fn layer(overwrites: &[Overwrite], roles: &[RoleId]) -> Layer {
        let mut layer = Layer::default();
        for overwrite in overwrites {
            let change = match overwrite.target {
                OverwriteTarget::Role(EVERYONE) => &mut layer.everyone,
                OverwriteTarget::Role(role) if roles.contains(&role) => &mut layer.roles,
                OverwriteTarget::Role(_) => continue,
                OverwriteTarget::Member(_) => &mut layer.member,
            };
            change.allow |= overwrite.allow;
            change.deny |= overwrite.deny;
        }
        layer
    }

    proptest! {
        #[test]
        fn nobody_gets_more_by_a_category_that_is_gone(
            base in bits(), category in overwrites(), own in overwrites(), roles in proptest::sample::subsequence(ROLES.to_vec(), 0..=2),
        ) {
            let before = in_channel(base, &[layer(&category, &roles), layer(&own, &roles)]);
            let after = in_channel(base, &[layer(&inherit(EVERYONE, &category, &own), &roles)]);
            prop_assert!(after.minus(before).is_empty(), "{after:?} is more than {before:?}");
        }

        #[test]
        fn without_overwrites_of_its_own_a_channel_keeps_its_categorys(category in overwrites()) {
            let some: Vec<_> = category.iter().filter(|o| !(o.allow | o.deny).is_empty()).copied().collect();
            prop_assert_eq!(inherit(EVERYONE, &category, &[]), some);
        }
    }
}
