package dev.copperplate.backup.testkit.s3;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A condition of a statement: <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">
 * operator</a>, key and values, of which one has to fit. A key without a value fits no operator but
 * the negated ones.
 */
record PolicyCondition(String operator, String key, List<String> values) {

  private static final Set<String> TEXT_KEYS = Set.of("s3:prefix", "s3:object-lock-mode");
  private static final Set<String> NUMBER_KEYS = Set.of("s3:object-lock-remaining-retention-days");
  private static final Map<String, IntPredicate> NUMBERS =
      Map.of(
          "NumericEquals", order -> order == 0,
          "NumericLessThan", order -> order < 0,
          "NumericLessThanEquals", order -> order <= 0,
          "NumericGreaterThan", order -> order > 0,
          "NumericGreaterThanEquals", order -> order >= 0);
  private static final Set<String> TEXTS =
      Set.of("StringEquals", "StringLike", "StringNotEquals", "StringNotLike");

  PolicyCondition {
    values = List.copyOf(values);
    boolean known =
        TEXTS.contains(operator) && TEXT_KEYS.contains(key)
            || NUMBERS.containsKey(operator) && NUMBER_KEYS.contains(key)
            || operator.equals("Bool") && key.equals("aws:SecureTransport");
    if (NUMBERS.containsKey(operator)) {
      values.forEach(BigDecimal::new);
    }
    if (!known || values.isEmpty()) {
      throw new IllegalArgumentException(
          "This server does not know the condition " + operator + ' ' + key + ' ' + values);
    }
  }

  boolean holds(Map<String, String> context) {
    String actual = context.get(key);
    if (actual == null) {
      return operator.startsWith("StringNot");
    }
    return switch (operator) {
      case "StringEquals" -> values.contains(actual);
      case "StringNotEquals" -> !values.contains(actual);
      case "StringLike" -> PolicyStatement.matchesAny(values, actual, 0);
      case "StringNotLike" -> !PolicyStatement.matchesAny(values, actual, 0);
      case "Bool" -> values.stream().anyMatch(actual::equalsIgnoreCase);
      default -> numberHolds(new BigDecimal(actual));
    };
  }

  private boolean numberHolds(BigDecimal actual) {
    IntPredicate wanted = NUMBERS.getOrDefault(operator, order -> false);
    return values.stream().anyMatch(each -> wanted.test(actual.compareTo(new BigDecimal(each))));
  }
}
