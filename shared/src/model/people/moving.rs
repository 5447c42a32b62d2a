//! Moving: the project's side of the labour exchange. Who leaves is sent there, who is sent from
//! there joins or is given back.

use crate::engine::model::Mail;
use crate::model::happen::{Happen, Stream};
use crate::model::kind::{Role, Seniority};
use crate::model::mail::Message;
use crate::model::people::career::Employer;
use crate::model::people::dossier::Dossier;
use crate::model::people::exchange::ExchangeMessage;
use crate::model::people::hiring::usual_pay;
use crate::model::people::person::Person;
use crate::model::people::staff::Link;
use crate::model::project::Project;
use crate::model::spec::PEOPLE_MAX;

/// People a project sends to the exchange on its last evening, so that the messages of the step
/// stay within its bounds. Those beyond find work outside the world.
pub const RELEASED_MAX: usize = 48;

fn send(project: &Project, message: ExchangeMessage, happen: &mut Happen<'_, '_>) {
    if let Some(market) = project.market {
        happen.step.send(market, Message::Exchange(message).to_bytes());
    }
}

impl Project {
    /// A project that has a market introduces itself to the exchange there. Until it is answered,
    /// nobody is sent: a market may not exist.
    pub(in crate::model) fn greet_exchange(&mut self, happen: &mut Happen<'_, '_>) {
        if self.market.is_none() {
            self.staff.link = Link::None;
        } else if self.staff.link == Link::None && !self.only_backlog {
            self.staff.link = Link::Greeted;
            send(self, ExchangeMessage::Hello, happen);
        }
    }

    fn knows_exchange(&self) -> bool {
        self.staff.link == Link::Open && self.market.is_some()
    }

    /// Tells the exchange of an open position.
    pub(in crate::model) fn tell_open(
        &self,
        vacancy: u32,
        role: Role,
        seniority: Seniority,
        happen: &mut Happen<'_, '_>,
    ) {
        if self.knows_exchange() {
            let pay_cents = usual_pay(role, seniority);
            send(self, ExchangeMessage::Open { vacancy, role, seniority, pay_cents }, happen);
        }
    }

    /// Tells the exchange that a position is open no longer.
    pub(in crate::model) fn tell_filled(&self, vacancy: u32, happen: &mut Happen<'_, '_>) {
        if self.knows_exchange() {
            send(self, ExchangeMessage::Filled { vacancy }, happen);
        }
    }

    /// Somebody who left goes to the exchange, or out of the world.
    pub(in crate::model) fn send_off(
        &mut self,
        mut person: Person,
        looks_on: bool,
        day: u32,
        happen: &mut Happen<'_, '_>,
    ) {
        if !looks_on || !self.knows_exchange() {
            self.staff.flows.gone += 1;
            return;
        }
        let [a, b, c, d, ..] = self.shard.0.0;
        let employer = Employer {
            project: [a, b, c, d],
            person: person.id,
            name: Employer::short_name(&self.profile.name),
            since_day: person.joined_day,
        };
        person.leave_employer(employer, day);
        self.staff.flows.went += 1;
        send(self, ExchangeMessage::Leaver(Box::new(Dossier::of(person))), happen);
    }

    /// The project has ended: its people go to the exchange. They stay in the books as those who
    /// worked there at the end.
    pub(in crate::model) fn release_people(&mut self, now: u64, happen: &mut Happen<'_, '_>) {
        let day = Project::day_of(now);
        if self.knows_exchange() {
            send(self, ExchangeMessage::Closed, happen);
        }
        for at in 0..self.people.len() {
            let person = self.people[at].clone();
            self.send_off(person, at < RELEASED_MAX, day, happen);
        }
    }

    /// A message of the exchange, or one to it that came back.
    pub(in crate::model) fn hear_exchange(
        &mut self,
        mail: &Mail,
        message: ExchangeMessage,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        match message {
            ExchangeMessage::Hello if !mail.returned && Some(mail.from) == self.market => {
                self.staff.link = Link::Open;
                let open: Vec<_> = self
                    .vacancies
                    .iter()
                    .filter(|vacancy| vacancy.name.is_none())
                    .map(|vacancy| (vacancy.id, vacancy.role, vacancy.seniority))
                    .collect();
                for (id, role, seniority) in open {
                    self.tell_open(id, role, seniority, happen);
                }
            }
            ExchangeMessage::Candidate { vacancy, pay_cents, dossier } if !mail.returned => {
                self.consider(mail, vacancy, pay_cents, dossier, now, happen);
            }
            // There is no exchange any more: they leave the world.
            ExchangeMessage::Leaver(_) | ExchangeMessage::Back(_) if mail.returned => {
                self.staff.flows.strayed += 1;
            }
            _ => {}
        }
    }

    /// Somebody is sent for a position: they join, or there is no room for them any more.
    fn consider(
        &mut self,
        mail: &Mail,
        vacancy: u32,
        pay_cents: i64,
        dossier: Box<Dossier>,
        now: u64,
        happen: &mut Happen<'_, '_>,
    ) {
        let open = self.vacancies.iter().position(|open| open.id == vacancy && open.name.is_none());
        let room = !self.ended() && self.people.len() < PEOPLE_MAX as usize;
        let at = match open {
            Some(at) if room && dossier.sound() => at,
            _ => {
                let back = Message::Exchange(ExchangeMessage::Back(dossier)).to_bytes();
                happen.step.send(mail.from, back);
                return;
            }
        };
        self.vacancies.remove(at);
        let day = Project::day_of(now);
        let mut person = dossier.into_person(day);
        person.salary_cents = pay_cents.clamp(0, crate::model::spec::CENTS_MAX);
        person.settle_in(happen.rng(Stream::People));
        self.staff.flows.came += 1;
        self.join_staff(person, day, now, happen);
    }
}
