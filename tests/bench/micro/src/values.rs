//! Invented values of each kind, a column of them.

/// Values of a column: a chunk as the row loop makes them.
pub(crate) const ROWS: usize = 1_000;

/// Makes a column of values; all distinct where the kind has enough.
pub(crate) fn column(kind: &str) -> Vec<Vec<u8>> {
    (0..ROWS).map(|n| value(kind, n).into_bytes()).collect()
}

fn value(kind: &str, n: usize) -> String {
    match kind {
        "integer" => format!("{}", 1_000_003 + n * 7_919),
        "uuid" => format!("{:08x}-0000-4000-8000-{:012x}", n * 2_654_435, n * 40_503),
        "steuer_id" => steuer_id(n),
        "md5" => format!("{:032x}", (n + 1) * 0x9e37_79b9_7f4a),
        "sha256" => format!("{:064x}", (n + 1) * 0x9e37_79b9_7f4a),
        "ten_digits" => format!("{:010}", n * 7_654_321),
        "sixty_digits" => format!("{:060}", n * 7_654_321),
        "bsn" => bsn(10_000_000 + n * 1_009),
        "email" => format!("sanne.jansen{n}@example.org"),
        "phone" => format!("06-00{:06}", n * 997 % 1_000_000),
        "iban" => format!("NL00XXAA{:010}", n * 7_654_321),
        "postcode" => format!("{} AB", 1_000 + n % 9_000),
        "gender" => (if n.is_multiple_of(2) { "M" } else { "V" }).to_owned(),
        "title" => (if n.is_multiple_of(2) { "dhr." } else { "mevr." }).to_owned(),
        "initials" => "J.P.".to_owned(),
        "full_name" => format!("Sanne van der Berg{n}"),
        "turned_name" => format!("Berg{n}, S. van der"),
        "street" => format!("Dorpsweg {n}"),
        "house" => format!("{}", 1 + n % 200),
        "date" => format!("19{:02}-{:02}-{:02}", 30 + n % 70, 1 + n % 12, 1 + n % 28),
        _ => format!("Van der Berg{n}"),
    }
}

/// Puts one digit of ten in the place of another, and the check digit behind them (ISO 7064 MOD 11,10).
fn steuer_id(n: usize) -> String {
    let mut ten: Vec<usize> = (0..10).map(|at| (at + n) % 10).collect();
    ten.swap(n / 10 % 10, n / 100 % 10);
    // No zero in front, and one digit twice.
    let (from, to) = if ten.first() == Some(&0) { (1, 0) } else { (0, 1 + n % 9) };
    let repeated = ten.get(from).copied().unwrap_or(1);
    if let Some(place) = ten.get_mut(to) {
        *place = repeated;
    }
    let product = ten.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    let digits: String = ten.iter().map(ToString::to_string).collect();
    format!("{digits}{}", (11 - product) % 10)
}

/// Completes eight digits so that the eleven test holds, stepping on where no ninth digit does.
fn bsn(mut eight: usize) -> String {
    loop {
        let digits = format!("{eight:08}");
        let sum: u32 =
            digits.bytes().zip((2..=9).rev()).map(|(d, weight)| u32::from(d - b'0') * weight).sum();
        if sum % 11 < 10 {
            return format!("{digits}{}", sum % 11);
        }
        eight += 1;
    }
}
