//! Comments on the diff, one for each finding whose file the request changes: at its line where the diff shows it, else at
//! the file. What is found no more is taken back, unless somebody has answered.

use super::client::{ATTEMPTS, is_refused_as_wrong, is_unsure};
use super::diff::Line;
use super::{Changed, Forge, Head, Hunk, Mark, On, Place, Remark};
use crate::http::Error;
use std::collections::BTreeSet;

/// Comments at lines, and at files, that one run makes; all of it stands in the summary anyway.
const MOST_AT_LINES: usize = 30;
const MOST_AT_FILES: usize = 10;

/// The text of a note, with an offer of lines behind a fence with a word.
pub type Words<'a> = dyn Fn(Option<(&str, &[String])>) -> String + Sync + 'a;

/// What is to be said at a place of the source.
pub struct Note<'a> {
    /// The finding's id.
    pub id: String,
    /// From the repository's root.
    pub path: String,
    /// The line with its text as it was checked.
    pub line: Option<(usize, String)>,
    /// Changes of the same file that would settle it.
    pub patch: Option<Vec<Hunk>>,
    pub body: &'a Words<'a>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reviewed {
    pub made: usize,
    pub changed: usize,
    pub removed: usize,
}

/// Lines of the new text that others would take the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    lines: (usize, usize),
    new: Vec<String>,
}

/// A note with its place in the diff.
struct Placed<'a> {
    id: &'a str,
    file: &'a Changed,
    lines: Option<(usize, usize)>,
    body: String,
}

/// Brings the comments on the diff in line with the notes, the first ones first.
///
/// # Errors
/// When the forge does not take them.
pub async fn review(forge: &dyn Forge, author: &str, mark: &Mark, notes: &[Note<'_>]) -> Result<Reviewed, Error> {
    let reviewing = Reviewing { forge, author, mark };
    let head = forge.head().await?;
    if mark.head.as_ref().is_some_and(|checked| *checked != head.sha) {
        return Ok(Reviewed::default());
    }
    let files = if notes.is_empty() { Vec::new() } else { forge.changed().await? };
    let placed = reviewing.place(notes, &files);
    let there = reviewing.own().await?;
    let mut reviewed = Reviewed::default();
    let mut stays = BTreeSet::new();
    for note in &placed {
        let same_place = |remark: &&(Remark, Mark)| is_at(&remark.0.place, note) || remark.0.is_answered;
        let mut of_note = there.iter().filter(|(_, mark)| mark.finding.as_deref() == Some(note.id));
        match of_note.find(same_place) {
            Some((remark, _)) => {
                stays.insert(remark.comment.id);
                if remark.comment.body != note.body {
                    forge.update_remark(remark.comment.id, &note.body).await?;
                    reviewed.changed += 1;
                }
            }
            None => reviewed.made += usize::from(reviewing.make(&head, note).await?),
        }
    }
    // New ones first, so that a failure on the way leaves one too many and never one too few.
    for (remark, mark) in there.iter().filter(|(remark, _)| !stays.contains(&remark.comment.id)) {
        reviewed.removed += usize::from(reviewing.take_back(remark, mark).await?);
    }
    if reviewed.made > 0 {
        reviewing.settle().await?;
    }
    Ok(reviewed)
}

struct Reviewing<'a> {
    forge: &'a dyn Forge,
    author: &'a str,
    mark: &'a Mark,
}

impl Reviewing<'_> {
    fn place<'a>(&self, notes: &'a [Note<'_>], files: &'a [Changed]) -> Vec<Placed<'a>> {
        let (mut at_lines, mut at_files) = (0, 0);
        let mut placed = Vec::new();
        for note in notes {
            let Some(file) = files.iter().find(|file| file.path == note.path) else { continue };
            let offer = note.patch.as_deref().and_then(offer).filter(|offer| shows(file, offer));
            let line = note.line.as_ref().filter(|(number, text)| text_at(file, *number) == Some(text));
            let lines = offer.as_ref().map(|(offer, _)| offer.lines).or(line.map(|(number, _)| (*number, *number)));
            let (count, most) =
                if lines.is_some() { (&mut at_lines, MOST_AT_LINES) } else { (&mut at_files, MOST_AT_FILES) };
            if *count >= most {
                continue;
            }
            *count += 1;
            let body = match &offer {
                Some((offer, _)) => {
                    let word = self.forge.suggestion(offer.lines);
                    (note.body)(Some((word.as_str(), offer.new.as_slice())))
                }
                None => (note.body)(None),
            };
            let body = self.mark.of_finding(&note.id).on(&body);
            placed.push(Placed { id: &note.id, file, lines: lines.map(|lines| self.forge.anchored(lines)), body });
        }
        placed
    }

    /// Makes a comment at its lines or, where the forge does not take that, at the file; else it stands in the summary
    /// alone.
    async fn make(&self, head: &Head, note: &Placed<'_>) -> Result<bool, Error> {
        for lines in [note.lines, None] {
            match self.once(head, note, lines).await {
                Ok(()) => return Ok(true),
                Err(error) if is_refused_as_wrong(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Makes one comment, and looks for it before it is made again.
    async fn once(&self, head: &Head, note: &Placed<'_>, lines: Option<(usize, usize)>) -> Result<(), Error> {
        let on = On { file: note.file, lines };
        let wanted = self.mark.of_finding(note.id);
        let mut unsure = 0;
        loop {
            match self.forge.remark(head, &on, &note.body).await {
                Err(error) if is_unsure(&error) => {
                    unsure += 1;
                    let is_there = self.own().await?.iter().any(|(_, mark)| *mark == wanted);
                    match is_there {
                        true => return Ok(()),
                        false if unsure >= ATTEMPTS => return Err(error),
                        false => {}
                    }
                }
                done => return done,
            }
        }
    }

    /// Deletes a comment, or says in it that it is settled where somebody has answered.
    async fn take_back(&self, remark: &Remark, mark: &Mark) -> Result<bool, Error> {
        if !remark.is_answered {
            self.forge.delete_remark(remark.comment.id).await?;
            return Ok(true);
        }
        let id = mark.finding.as_deref().unwrap_or_default();
        let body = self.mark.of_finding(id).on("**resolved**: this is found no more\n");
        let (_, said) = remark.comment.body.split_once('\n').unwrap_or_default();
        if !body.ends_with(said) || said.is_empty() {
            self.forge.update_remark(remark.comment.id, &body).await?;
        }
        Ok(false)
    }

    /// Leaves one comment for each finding where another run made the same.
    async fn settle(&self) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for (remark, mark) in self.own().await? {
            let is_first = seen.insert(mark.finding);
            if !is_first && !remark.is_answered {
                self.forge.delete_remark(remark.comment.id).await?;
            }
        }
        Ok(())
    }

    /// Own comments of the same target, the first one first.
    async fn own(&self) -> Result<Vec<(Remark, Mark)>, Error> {
        let remarks = self.forge.remarks().await?.into_iter();
        let own = remarks.filter(|remark| remark.comment.author.eq_ignore_ascii_case(self.author));
        let marked = own.filter_map(|remark| Mark::of(&remark.comment.body).map(|mark| (remark, mark)));
        let of_target = marked.filter(|(_, mark)| mark.finding.is_some() && mark.target == self.mark.target);
        let mut found: Vec<_> = of_target.collect();
        found.sort_by_key(|(remark, _)| remark.comment.id);
        Ok(found)
    }
}

fn is_at(place: &Place, note: &Placed<'_>) -> bool {
    place.path == note.file.path && place.lines == note.lines
}

fn text_at(file: &Changed, number: usize) -> Option<&String> {
    file.hunks.iter().find_map(|hunk| hunk.text_at(number))
}

/// The lines that a patch of one place replaces, with the text that stands there and the one to be.
fn offer(patch: &[Hunk]) -> Option<(Offer, Vec<String>)> {
    let [hunk] = patch else { return None };
    let is_change = |line: &Line| !matches!(line, Line::Same(_));
    let mut first = hunk.lines.iter().position(is_change)?;
    let last = hunk.lines.iter().rposition(is_change)?;
    let stands = |line: &Line| !matches!(line, Line::Added(_));
    if !hunk.lines.get(first..=last)?.iter().any(stands) {
        // Lines that are put in take the one before along, as an offer replaces something.
        first = first.checked_sub(1)?;
    }
    let changed = hunk.lines.get(first..=last)?;
    let at = hunk.old_start + hunk.lines.get(..first)?.iter().filter(|line| stands(line)).count();
    let old: Vec<String> = changed.iter().filter_map(Line::before).cloned().collect();
    let new: Vec<String> = changed.iter().filter_map(Line::after).cloned().collect();
    let is_plain = |line: &String| !line.chars().any(|c| c != '\t' && crate::source::clean::is_steering(c));
    let lines = (at, at + old.len().checked_sub(1)?);
    new.iter().all(is_plain).then_some((Offer { lines, new }, old))
}

/// Whether the diff shows these very lines, in one piece.
fn shows(file: &Changed, (offer, old): &(Offer, Vec<String>)) -> bool {
    let (first, last) = offer.lines;
    file.hunks.iter().any(|hunk| (first..=last).zip(old).all(|(number, text)| hunk.text_at(number) == Some(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge::hunks;

    fn lines(text: &[&str]) -> Vec<String> {
        text.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn an_offer_replaces_what_the_patch_changes_and_nothing_around_it() {
        let patch = hunks("@@ -6,5 +6,5 @@\n a\n b\n-c = 1\n+c = 2\n d\n e\n");
        let (made, old) = offer(&patch).unwrap();
        assert_eq!((made.lines, made.new, old), ((8, 8), lines(&["c = 2"]), lines(&["c = 1"])));
    }

    #[test]
    fn lines_that_are_put_in_take_the_line_before_along() {
        let patch = hunks("@@ -6,2 +6,3 @@\n a\n+x\n b\n");
        let (made, old) = offer(&patch).unwrap();
        assert_eq!((made.lines, made.new, old), ((6, 6), lines(&["a", "x"]), lines(&["a"])));
        assert_eq!(offer(&hunks("@@ -0,0 +1 @@\n+x\n")), None);
    }

    #[test]
    fn what_cannot_be_shown_as_it_is_or_stands_in_two_places_is_no_offer() {
        assert_eq!(offer(&hunks("@@ -1 +1 @@\n-a\n+\u{202e}b\n")), None);
        assert_eq!(offer(&hunks("@@ -1 +1 @@\n-a\n+b\n@@ -9 +9 @@\n-a\n+b\n")), None);
    }

    #[test]
    fn the_diff_must_show_the_lines_that_are_replaced() {
        let made = offer(&hunks("@@ -2,2 +2,1 @@\n-b\n-c\n+d\n")).unwrap();
        let file = |diff: &str| Changed { path: String::new(), old_path: String::new(), hunks: hunks(diff) };
        assert!(shows(&file("@@ -1,3 +1,3 @@\n a\n-B\n+b\n c\n"), &made));
        assert!(!shows(&file("@@ -1,3 +1,3 @@\n a\n-B\n+b\n C\n"), &made));
        assert!(!shows(&file("@@ -1,2 +1,2 @@\n a\n-B\n+b\n"), &made));
    }
}
