//! The one table of what can be done on the screens: key, hint, help and the command that does the same.
//!
//! Which of them a screen offers at the moment it says itself ([`Screen::actions`](super::screen::Screen::actions));
//! what they do there is the screen's too.

use super::key::Key;

/// Where an action belongs, for help and the command palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Servers, and what a help desk does there.
    Admin,
    /// A box, a form or a field with keys of its own.
    Box,
    /// The list of codes and the details of one.
    Codes,
    /// Every screen.
    Everywhere,
    /// Moving about in lists and texts.
    Moving,
    /// The search field.
    Search,
}

/// One row of the table.
#[derive(Debug)]
pub struct Action {
    /// What is meant.
    pub does: Do,
    /// The name in `[keys]` of the settings.
    pub name: &'static str,
    /// The keys unless the settings say otherwise, the one for hints first.
    pub keys: &'static [&'static str],
    /// The words in the hint line.
    pub hint: &'static str,
    /// The words in help and palette.
    pub help: &'static str,
    /// Where it belongs.
    pub group: Group,
    /// The command of the command line that does the same, or an empty text.
    pub command: &'static str,
}

macro_rules! actions {
    ($( $does:ident $name:literal [$($key:literal)*] $hint:literal $help:literal $group:ident $command:literal; )*) => {
        /// Everything that can be done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Do { $( #[doc = $help] $does, )* }

        /// The table, in the order in which help shows it.
        pub static ACTIONS: &[Action] = &[$( Action {
            does: Do::$does, name: $name, keys: &[$($key),*], hint: $hint, help: $help,
            group: Group::$group, command: $command,
        }, )*];
    };
}

actions! {
    // codes
    Copy "copy" ["enter" "c" "y"] "copy" "copy code" Codes "copy";
    CopyNext "copy-next" ["Y" "C"] "next" "copy next code" Codes "code --next";
    Reveal "reveal" ["r"] "reveal" "reveal for 10 s" Codes "code";
    Hide "hide" ["H"] "hide" "hide: all/selected/none" Codes "--hide";
    Details "details" ["l" "right"] "details" "open details" Codes "show";
    Add "add" ["a" "insert"] "add" "add an account" Codes "add";
    Import "import" ["i"] "import" "import from another app" Codes "import";
    Edit "edit" ["e"] "edit" "edit" Codes "edit";
    Delete "delete" ["d" "delete"] "delete" "delete (undo u)" Codes "rm";
    Phone "phone" ["p"] "phone" "to phone (QR)" Codes "qr";
    Favourite "favourite" ["*"] "favourite" "favourite" Codes "edit --favourite";
    Tags "tags" ["t"] "tags" "tags" Codes "edit --tag";
    Count "count" ["+"] "next counter" "HOTP: next code" Codes "code";
    CountBack "count-back" ["-"] "counter back" "HOTP: counter back" Codes "edit --counter";
    Mark "mark" ["space"] "mark" "mark the row" Codes "";
    Actions "actions" ["x" "f4"] "actions" "all actions" Codes "";
    MoveUp "move-up" ["K"] "move up" "sorted by hand: move up" Codes "";
    MoveDown "move-down" ["J"] "move down" "sorted by hand: move down" Codes "";
    Sort "sort" ["s"] "sort" "sort" Codes "list --sort";
    SortReverse "sort-reverse" ["S"] "reverse" "reverse the order" Codes "list --sort";
    Undo "undo" ["u"] "undo" "undo" Codes "undo";
    Redo "redo" ["U"] "redo" "redo" Codes "redo";
    // admin
    Connect "connect" ["enter"] "connect" "connect to the server" Admin "admin";
    OpenReadOnly "open-read-only" ["R"] "read-only" "open read-only" Admin "admin --read-only";
    TestServer "test-server" ["f5" "ctrl-r"] "test" "test every server" Admin "admin server test";
    AddServer "add-server" ["a" "insert"] "add" "add a server" Admin "admin server add";
    EditServer "edit-server" ["e"] "edit" "edit the server" Admin "admin server edit";
    RemoveServer "remove-server" ["d" "delete"] "remove" "remove the server (undo u)" Admin "admin server rm";
    Servers "servers" ["b"] "servers" "choose another server" Admin "admin server use";
    OpenUser "open-user" ["enter" "l" "right"] "open" "open the user" Admin "admin user show";
    CopyName "copy-name" ["y"] "copy name" "copy the user's name" Admin "";
    Refresh "refresh" ["f5" "ctrl-r"] "refresh" "read it again" Admin "";
    UserUnlock "user-unlock" ["u"] "unlock" "unlock" Admin "admin user unlock";
    UserBypass "user-bypass" ["b"] "bypass" "no second step for a while" Admin "admin user bypass";
    UserEndBypass "user-end-bypass" ["B"] "end bypass" "end the bypass" Admin "admin user bypass --end";
    UserReset "user-reset" ["r"] "reset" "reset OTP bindings" Admin "admin user reset";
    UserUnbind "user-unbind" ["d"] "remove binding" "remove one binding" Admin "admin user unbind";
    UserEnrol "user-enrol" ["p"] "bind" "bind anew, the QR code here" Admin "admin user enrol";
    UserPasscode "user-passcode" ["c"] "passcode" "a passcode for one use" Admin "admin user passcode";
    UserDisable "user-disable" ["e"] "disable" "disable sign-in" Admin "admin user disable";
    UserEnable "user-enable" ["e"] "enable" "enable sign-in" Admin "admin user enable";
    UserAudit "user-audit" ["a"] "audit" "what happened to them" Admin "admin audit list";
    CopyPasscode "copy-passcode" ["y"] "copy" "copy the passcode" Admin "";
    CopyReport "copy-report" ["y"] "copy report" "copy this report" Admin "";
    WholeError "whole-error" ["e"] "full error" "the full error" Admin "";
    StopChanges "stop-changes" ["s"] "stop" "stop after the one that is sent" Admin "";
    RetryFailed "retry-failed" ["r"] "retry failed" "try those again that failed" Admin "";
    OpenEvent "open-event" ["enter" "l" "right"] "event" "all that is known of an event" Admin "admin audit list --json";
    Follow "follow" ["f"] "follow" "follow events; pause and go on" Admin "admin audit follow";
    MarkLine "mark-line" ["m"] "mark line" "put a line with the time" Admin "";
    EventColumns "event-columns" ["o"] "columns" "which columns there are" Admin "";
    Export "export" ["E"] "export" "write what is filtered into a file" Admin "admin audit list --jsonl";
    NextRefusal "next-refusal" ["n"] "next refusal" "next event that was refused" Admin "admin audit list result:fail";
    PreviousRefusal "previous-refusal" ["N"] "refusal before" "the refused event before" Admin "";
    CopyEvent "copy-event" ["y"] "copy" "copy the event as JSON" Admin "";
    NextView "next-view" ["tab"] "view" "bars, heatmap, table" Admin "admin audit stats --by";
    PreviousView "previous-view" ["shift-tab"] "view" "the view before" Admin "";
    Longer "longer" ["+"] "range" "a longer time" Admin "admin audit stats --since";
    Shorter "shorter" ["-"] "range" "a shorter time" Admin "";
    OpenRange "open-range" ["enter"] "audit" "the audit of this time" Admin "admin audit list --since";
    PickLeft "pick-left" ["left" "h"] "choose" "the one to the left" Admin "";
    PickRight "pick-right" ["right" "l"] "choose" "the one to the right" Admin "";
    ToggleFactor "toggle-factor" ["space" "enter"] "toggle" "switch the factor; nothing is sent yet" Admin "admin app set --dry-run";
    SendChanges "send-changes" ["w"] "apply" "apply what waits (asks)" Admin "admin app set";
    Affected "affected" ["v"] "affected users" "who would be kept out" Admin "admin user list factor:sms";
    DropChanges "drop-changes" ["esc"] "drop changes" "drop what waits" Admin "";
    // moving
    Up "up" ["k" "up"] "up" "previous row" Moving "";
    Down "down" ["j" "down"] "choose" "next row" Moving "";
    First "first" ["g" "home"] "first" "first row" Moving "";
    Last "last" ["G" "end"] "last" "last row" Moving "";
    PageUp "page-up" ["ctrl-u" "pageup"] "page up" "half a page up" Moving "";
    PageDown "page-down" ["ctrl-d" "pagedown"] "page down" "half a page down" Moving "";
    PreviousTab "previous-tab" ["["] "tabs" "previous tab" Moving "";
    NextTab "next-tab" ["]"] "tabs" "next tab" Moving "";
    Tab "tab" ["1" "2" "3" "4" "5" "6" "7" "8" "9"] "tab" "tab by its number" Moving "";
    NextPane "next-pane" ["tab"] "pane" "next pane" Moving "";
    PreviousPane "previous-pane" ["shift-tab"] "pane" "previous pane" Moving "";
    Left "left" ["h" "left"] "back" "back one level" Moving "";
    // search
    Search "search" ["/" "f3"] "search" "search or filter" Everywhere "search";
    SearchUp "search-up" ["up"] "choose" "previous match" Search "";
    SearchDown "search-down" ["down"] "choose" "next match" Search "";
    SearchCopy "search-copy" ["enter"] "copy first" "copy the chosen match" Search "";
    SearchSuggestion "search-suggestion" ["enter"] "take suggestion" "take the suggestion" Search "";
    SearchKeep "search-keep" ["tab"] "keep filter" "leave the field, keep the filter" Search "";
    SearchEverywhere "search-everywhere" ["tab"] "search everywhere" "search all tags" Search "";
    SearchClear "search-clear" ["esc"] "clear" "clear the filter" Search "";
    SearchEmpty "search-empty" ["ctrl-u"] "empty" "empty the field" Search "";
    // everywhere
    Help "help" ["?" "f1"] "help" "this help" Everywhere "--help";
    Back "back" ["esc"] "back" "back, never quits" Everywhere "";
    Quit "quit" ["q" "f10"] "quit" "back, quits at top" Everywhere "";
    Admin "admin" ["A"] "admin" "codes or admin mode" Everywhere "admin";
    Lock "lock" ["L"] "lock" "lock now" Everywhere "lock";
    Redraw "redraw" ["ctrl-l"] "redraw" "redraw" Everywhere "";
    Suspend "suspend" ["ctrl-z"] "suspend" "suspend" Everywhere "";
    Stop "stop" ["ctrl-c"] "quit" "quit at once" Everywhere "";
    // boxes and forms
    Choose "choose" ["enter"] "choose" "take this one" Box "";
    ChooseNumber "choose-number" ["1" "2" "3" "4" "5"] "choose" "take the one of this number" Box "";
    Yes "yes" ["y"] "yes" "yes" Box "";
    No "no" ["n"] "no" "no" Box "";
    Confirm "confirm" ["enter"] "choose" "the marked button" Box "";
    Cancel "cancel" ["esc"] "cancel" "cancel" Box "";
    Close "close" ["esc"] "close" "close" Box "";
    NextField "next-field" ["tab" "down"] "field" "next field" Box "";
    PreviousField "previous-field" ["shift-tab" "up"] "field" "previous field" Box "";
    Complete "complete" ["tab"] "complete" "complete the path" Box "";
    Switch "switch" ["space"] "choose" "switch" Box "";
    ChoiceLeft "choice-left" ["left"] "choose" "previous choice" Box "";
    ChoiceRight "choice-right" ["right"] "choose" "next choice" Box "";
    FieldDone "field-done" ["enter"] "next" "next field, save on the last" Box "";
    Save "save" ["ctrl-s"] "save" "save" Box "";
    ShowSecret "show-secret" ["ctrl-t"] "show what I type" "show or hide the secret" Box "";
    ReadPicture "read-picture" ["ctrl-o"] "read QR image" "read a QR picture" Box "";
    AllNew "all-new" ["a"] "all new" "all new ones, or none" Box "";
    OnDuplicate "on-duplicate" ["o"] "on differs" "on differs: keep both/replace/skip" Box "import --on-duplicate";
    BadEntries "bad-entries" ["b"] "bad entries" "the entries that could not be read" Box "";
    Shred "shred" ["s"] "shred file" "shred the export file" Box "";
    Submit "submit" ["enter"] "create" "finish" Box "";
    Suggest "suggest" ["ctrl-g"] "suggest six words" "suggest six words" Box "";
    Unlock "unlock" ["enter"] "unlock" "unlock" Box "unlock";
    UseCopy "use-copy" ["b"] "use the copy" "bring the newest good copy back" Box "vault restore";
    KeepVersion "keep-version" ["v"] "keep this version" "go on with the older version" Box "vault restore FILE";
    ChooseFiles "choose-files" ["ctrl-o"] "files" "choose files" Box "";
    ClipboardPicture "clipboard-picture" ["f6"] "picture from clipboard" "read the picture on the clipboard" Box "import --qr clipboard";
    OtherVault "other-vault" ["ctrl-o"] "other vault" "open another vault" Box "";
    QrInvert "qr-invert" ["i"] "invert" "invert colours" Box "";
    QrPicture "qr-picture" ["tab"] "picture" "real picture, or blocks" Box "";
    QrSave "qr-save" ["s"] "save PNG" "save as PNG" Box "qr -o";
    QrCopy "qr-copy" ["y"] "copy link" "copy the otpauth link" Box "";
}

impl Do {
    /// Its row of the table.
    pub fn action(self) -> &'static Action {
        &ACTIONS[self as usize]
    }
}

/// Which keys do what, after the settings.
#[derive(Clone, Debug)]
pub struct Keymap(Vec<Vec<Key>>);

impl Keymap {
    /// The keys of the table, with those of `[keys]` in place of the usual ones. Also what is wrong with the latter.
    pub fn new<'a>(settings: impl Iterator<Item = (&'a String, &'a Vec<String>)>) -> (Self, Vec<String>) {
        let usual = |action: &Action| action.keys.iter().filter_map(|name| Key::read(name)).collect();
        let (mut keys, mut wrong): (Vec<Vec<Key>>, _) = (ACTIONS.iter().map(usual).collect(), Vec::new());
        for (name, wanted) in settings {
            let Some(at) = ACTIONS.iter().position(|action| action.name == name) else {
                wrong.push(format!("[keys] names no action \"{name}\""));
                continue;
            };
            let read: Vec<Option<Key>> = wanted.iter().map(|key| Key::read(key)).collect();
            match read.iter().position(Option::is_none) {
                Some(bad) => wrong.push(format!("[keys] {name}: \"{}\" is no key", wanted[bad])),
                None => keys[at] = read.into_iter().flatten().collect(),
            }
        }
        (Self(keys), wrong)
    }

    /// The keys of an action.
    pub fn keys(&self, action: Do) -> &[Key] {
        &self.0[action as usize]
    }

    /// The first of the actions that has this key.
    pub fn find(&self, actions: &[Do], key: Key) -> Option<Do> {
        actions.iter().copied().find(|action| self.keys(*action).contains(&key))
    }

    /// The key that hints show for an action; an empty text when it has none.
    pub fn shown(&self, action: Do) -> String {
        self.keys(action).first().map_or_else(String::new, Key::to_string)
    }
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(std::iter::empty()).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_table_is_in_the_order_of_its_names_and_each_name_is_there_once() {
        let mut names = HashSet::new();
        for (at, action) in ACTIONS.iter().enumerate() {
            assert_eq!(action.does as usize, at);
            assert!(names.insert(action.name), "{}", action.name);
            assert!(!action.hint.is_empty() && !action.help.is_empty(), "{}", action.name);
            for key in action.keys {
                assert!(Key::read(key).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn settings_replace_the_keys_of_an_action_and_say_what_is_wrong() {
        let settings = std::collections::BTreeMap::from([
            ("copy".to_owned(), vec!["f5".to_owned()]),
            ("fly".to_owned(), vec![]),
            ("hide".to_owned(), vec!["hyper".to_owned()]),
        ]);
        let (keys, wrong) = Keymap::new(settings.iter());
        assert_eq!(keys.find(&[Do::Copy], Key::read("f5").unwrap()), Some(Do::Copy));
        assert_eq!(keys.find(&[Do::Copy], Key::char('c')), None);
        assert_eq!(keys.shown(Do::Hide), "H");
        assert_eq!(wrong.len(), 2);
    }
}
