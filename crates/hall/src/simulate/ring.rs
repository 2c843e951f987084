//! The queue of one line and lane.

/// A waiting ticket.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Ticket {
    /// Ready − head start, minutes after midnight.
    pub call_at: f64,
    pub joined_at: f64,
    /// When its holder abandons; infinite for no limit.
    pub leaves_at: f64,
    pub number: u32,
    pub queue: u16,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Person,
    /// Measures when it would be called, and takes no window's time.
    Probe,
}

impl Ticket {
    #[inline]
    pub fn comes_before(&self, other: &Self) -> bool {
        self.call_at < other.call_at || (self.call_at == other.call_at && self.number < other.number)
    }
}

/// Ring buffer; grows by doubling, so that a repeated day allocates nothing.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    slots: Vec<Ticket>,
    first: usize,
    length: usize,
}

impl Ring {
    pub fn new() -> Self {
        Self { slots: vec![Ticket::default(); 16], first: 0, length: 0 }
    }

    pub fn clear(&mut self) {
        self.first = 0;
        self.length = 0;
    }

    #[inline]
    pub fn first(&self) -> Option<&Ticket> {
        if self.length == 0 { None } else { self.slots.get(self.first) }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Ticket> {
        (0..self.length).map(|place| &self.slots[(self.first + place) & (self.slots.len() - 1)])
    }

    /// Inserts a ticket by its call instant. Within a line and lane that is at the end, except for bookings,
    /// whose holders check in in another order than that of their booked times.
    #[inline]
    pub fn insert(&mut self, ticket: Ticket) {
        if self.length == self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut place = self.first + self.length;
        self.length += 1;
        while place > self.first && ticket.comes_before(&self.slots[(place - 1) & mask]) {
            self.slots[place & mask] = self.slots[(place - 1) & mask];
            place -= 1;
        }
        self.slots[place & mask] = ticket;
    }

    #[inline]
    pub fn pop(&mut self) -> Ticket {
        debug_assert!(self.length > 0, "only a queue that has somebody is called from");
        let ticket = self.slots[self.first];
        self.first = (self.first + 1) & (self.slots.len() - 1);
        self.length -= 1;
        ticket
    }

    #[cold]
    fn grow(&mut self) {
        self.slots.rotate_left(self.first);
        self.first = 0;
        self.slots.resize(self.slots.len() * 2, Ticket::default());
    }
}
