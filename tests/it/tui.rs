//! The full-screen view: keys in, screen out.

mod screen;

use screen::Screen;

#[test]
fn the_demo_filters_and_copies() {
    let mut screen = Screen::demo(80, 24);
    screen.says("DEMO").says("GitHub");
    screen.keys("/ git <enter>").says("Copied").is_silent_about("Grafana");
    assert_eq!(screen.copied()[0].len(), 6);
    screen.keys("<esc> u").until("nothing to undo");
    screen.resize(140, 40).says("GitHub");
}
