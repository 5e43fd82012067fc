package dev.copperplate.benchmarks.sidebyside;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Rows of a table of orders, as COPY of a database writes them. */
final class OrderText {

  private static final long FIRST_ID = 10_000_000;
  private static final long FIRST_MILLIS = 1_700_000_000_000L;
  private static final int CUSTOMERS = 1_000_000;
  private static final int MOST_CENTS = 500_000;
  private static final int MOST_WORDS = 14;
  private static final String[] STATUSES = {"new", "paid", "packed", "shipped", "delivered"};
  private static final String[] CURRENCIES = {"EUR", "EUR", "EUR", "USD", "GBP", "PLN"};
  private static final String[] WORDS =
      ("about account address after again already always amount another answer arrived before"
              + " because between blue box broken called card carrier cheap city close colour"
              + " could customer damaged date day delay deliver delivery different discount door"
              + " double early empty evening every expected express fast first fragile from front"
              + " garden gift glass green half house invoice item key large last late leave left"
              + " letter light like little loaded lost many message missing money month morning"
              + " need neighbour never new next nothing number office old once only open order"
              + " other over packet paid paper part phone piece place please post price quick"
              + " quite receipt received red refund reply return right ring same second send sent"
              + " service shop short signed since size small some soon still stock street taken"
              + " thank their there thing time today together tomorrow torn track under until"
              + " urgent value very wait warehouse week weight well when which white whole with"
              + " without word work wrong year yellow yesterday young")
          .split(" ");
  private static final String[] NAMES =
      ("Adam Alina Anton Barbara Bruno Carla Cem Clara Dana David Elena Emil Fatima Felix Greta"
              + " Hanna Henri Ines Ivan Jana Jonas Karim Lea Leon Maria Mateo Mila Nadia Noah Olga"
              + " Oskar Paula Pavel Rosa Samir Sofia Tariq Theo Ursula Viktor Wanda Yusuf Zoe")
          .split(" ");

  private final SplittableRandom random;
  private final StringBuilder row = new StringBuilder();
  private long id = FIRST_ID;
  private long millis = FIRST_MILLIS;

  OrderText(SplittableRandom random) {
    this.random = random;
  }

  /** The next row with its end of line. */
  byte[] next() {
    row.setLength(0);
    millis += random.nextInt(2000);
    row.append(id++).append('\t');
    row.append(random.nextInt(CUSTOMERS)).append('\t');
    row.append(millis).append('\t');
    row.append(one(NAMES)).append(' ').append(one(NAMES)).append("son\t");
    int cents = random.nextInt(MOST_CENTS);
    row.append(cents / 100).append('.').append(cents / 10 % 10).append(cents % 10).append('\t');
    row.append(one(CURRENCIES)).append('\t');
    row.append(one(STATUSES)).append('\t');
    comment();
    row.append('\n');
    return row.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void comment() {
    int words = random.nextInt(MOST_WORDS);
    if (words == 0) {
      row.append("\\N");
    }
    for (int word = 0; word < words; word++) {
      row.append(word == 0 ? "" : " ").append(one(WORDS));
    }
  }

  private String one(String[] of) {
    return of[random.nextInt(of.length)];
  }
}
