//! What a state knows of the objects that the source refers to.

use super::super::calls::Calls;
use super::super::moved;
use crate::model::{Address, InstanceKey, Value};
use crate::terraform::state::{Object, State};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Objects of a state by the addresses under which the source has them now.
#[derive(Default, Clone)]
pub(in super::super) struct Recorded {
    objects: Rc<HashMap<Address, Object>>,
    read: RefCell<HashMap<Address, Option<Rc<Value>>>>,
}

impl Recorded {
    pub(in super::super) fn of(state: &State, calls: &Calls) -> Self {
        let now = |address: &Address| moved::follow(calls, address).map_or_else(|_| address.clone(), |f| f.address);
        let objects = state.current().map(|object| (now(&object.address), object.clone())).collect();
        Recorded { objects: Rc::new(objects), read: RefCell::default() }
    }

    /// The attributes of an instance, parsed once; secrets are masked. `None` when nothing records it.
    pub(super) fn attributes(&self, address: &Address) -> Option<Rc<Value>> {
        if let Some(read) = self.read.borrow().get(address) {
            return read.clone();
        }
        let object = self.objects.get(address).or_else(|| self.objects.get(&without_or_with_zero(address)?));
        // An object that cannot be read is told where the state is turned into claims.
        let read = object.and_then(|object| object.attributes().ok()).map(Rc::new);
        self.read.borrow_mut().insert(address.clone(), read.clone());
        read
    }
}

/// Adding or taking away `count` moves between no key and 0 by itself.
fn without_or_with_zero(address: &Address) -> Option<Address> {
    let key = match address.key {
        None => Some(InstanceKey::Int(0)),
        Some(InstanceKey::Int(0)) => None,
        _ => return None,
    };
    Some(Address { key, ..address.clone() })
}
