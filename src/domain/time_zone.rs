//! Time zones by their IANA names (OP-2).

use chrono_tz::{TZ_VARIANTS, Tz};

use super::field::Fault;

/// The areas of names made of area and city; other names are old ones for countries, or offsets without a place.
const AREAS: [&str; 10] = ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// Old spellings, and cities whose place another one took, that the zone database keeps for old documents.
const OLD_NAMES: &[&str] = &[
    "Africa/Asmera",
    "Africa/Timbuktu",
    "America/Argentina/ComodRivadavia",
    "America/Atka",
    "America/Buenos_Aires",
    "America/Catamarca",
    "America/Coral_Harbour",
    "America/Cordoba",
    "America/Ensenada",
    "America/Fort_Wayne",
    "America/Godthab",
    "America/Indianapolis",
    "America/Jujuy",
    "America/Knox_IN",
    "America/Louisville",
    "America/Mendoza",
    "America/Montreal",
    "America/Nipigon",
    "America/Pangnirtung",
    "America/Porto_Acre",
    "America/Rainy_River",
    "America/Rosario",
    "America/Santa_Isabel",
    "America/Shiprock",
    "America/Thunder_Bay",
    "America/Virgin",
    "America/Yellowknife",
    "Antarctica/South_Pole",
    "Asia/Ashkhabad",
    "Asia/Calcutta",
    "Asia/Choibalsan",
    "Asia/Chongqing",
    "Asia/Chungking",
    "Asia/Dacca",
    "Asia/Harbin",
    "Asia/Istanbul",
    "Asia/Kashgar",
    "Asia/Katmandu",
    "Asia/Macao",
    "Asia/Rangoon",
    "Asia/Saigon",
    "Asia/Tel_Aviv",
    "Asia/Thimbu",
    "Asia/Ujung_Pandang",
    "Asia/Ulan_Bator",
    "Atlantic/Faeroe",
    "Atlantic/Jan_Mayen",
    "Australia/ACT",
    "Australia/Canberra",
    "Australia/Currie",
    "Australia/LHI",
    "Australia/NSW",
    "Australia/North",
    "Australia/Queensland",
    "Australia/South",
    "Australia/Tasmania",
    "Australia/Victoria",
    "Australia/West",
    "Australia/Yancowinna",
    "Europe/Belfast",
    "Europe/Kiev",
    "Europe/Nicosia",
    "Europe/Tiraspol",
    "Europe/Uzhgorod",
    "Europe/Zaporozhye",
    "Pacific/Enderbury",
    "Pacific/Johnston",
    "Pacific/Ponape",
    "Pacific/Samoa",
    "Pacific/Truk",
    "Pacific/Yap",
];

/// Reads an IANA name, old ones too, since browsers and imports still send them. Fault: `time_zone`.
pub fn parse(raw: &str) -> Result<Tz, Fault> {
    raw.trim().parse().map_err(|_| Fault::new("time_zone"))
}

/// The names that a form offers, sorted: `UTC` and one per place.
pub fn choices() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = TZ_VARIANTS.iter().map(|zone| zone.name()).filter(|name| is_current(name)).collect();
    names.sort_unstable();
    names
}

fn is_current(name: &str) -> bool {
    name == "UTC" || name.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area) && !OLD_NAMES.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_places_are_read() {
        assert_eq!(parse("Europe/Paris"), Ok(Tz::Europe__Paris));
        assert_eq!(parse(" America/Argentina/Buenos_Aires "), Ok(Tz::America__Argentina__Buenos_Aires));
        assert_eq!(parse("UTC"), Ok(Tz::UTC));
        assert_eq!(parse("Asia/Calcutta"), Ok(Tz::Asia__Calcutta));
    }

    #[test]
    fn what_names_no_zone_is_refused() {
        for raw in ["", "Paris", "Europe/Atlantis", "+02:00", "europe/paris"] {
            assert_eq!(parse(raw), Err(Fault::new("time_zone")), "{raw}");
        }
    }

    #[test]
    fn a_form_offers_places_and_no_old_names() {
        let choices = choices();
        for name in
            ["UTC", "Europe/Paris", "Europe/Kyiv", "Asia/Kolkata", "America/Mexico_City", "America/Indiana/Knox", "Pacific/Auckland"]
        {
            assert!(choices.contains(&name), "{name}");
        }
        for name in ["US/Eastern", "Etc/GMT+1", "Etc/UTC", "EST5EDT", "GMT", "Zulu", "Brazil/East", "Asia/Calcutta", "Europe/Kiev", "Japan"]
        {
            assert!(!choices.contains(&name), "{name}");
        }
        assert!(choices.is_sorted_by(|a, b| a < b));
        assert!(choices.iter().all(|name| parse(name).is_ok_and(|zone| zone.name() == *name)));
    }

    #[test]
    fn every_old_name_still_exists() {
        assert!(OLD_NAMES.iter().all(|name| parse(name).is_ok()));
    }
}
