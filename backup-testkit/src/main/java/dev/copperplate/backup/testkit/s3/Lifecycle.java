package dev.copperplate.backup.testkit.s3;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html">the
 * elements of a lifecycle</a>.
 */
final class Lifecycle {

  private static final int MOST_RULES = 1000;
  private static final Set<String> ACTIONS =
      Set.of(
          "Expiration",
          "NoncurrentVersionExpiration",
          "Transition",
          "NoncurrentVersionTransition",
          "AbortIncompleteMultipartUpload");

  private Lifecycle() {}

  /** The same, with an id for every rule. */
  static XmlElement checked(XmlElement configuration) {
    List<XmlElement> rules = configuration.holding("Rule").all("Rule");
    if (rules.isEmpty() || rules.size() > MOST_RULES) {
      throw S3Error.malformedXml();
    }
    List<XmlElement> checked = new ArrayList<>();
    for (XmlElement rule : rules) {
      checkRule(rule);
      checked.add(rule.child("ID").isPresent() ? rule : named(rule, checked.size()));
    }
    Set<String> ids =
        checked.stream().map(each -> each.required("ID").text()).collect(Collectors.toSet());
    if (ids.size() < checked.size()) {
      throw S3Error.invalidArgument("Rule ID must be unique", "ID", "");
    }
    return new XmlElement(configuration.name(), checked, "");
  }

  private static XmlElement named(XmlElement rule, int number) {
    List<XmlElement> children = new ArrayList<>(rule.children());
    children.add(0, XmlElement.text("ID", "rule-" + number));
    return new XmlElement(rule.name(), children, "");
  }

  private static void checkRule(XmlElement rule) {
    for (XmlElement each : rule.children()) {
      if (!ACTIONS.contains(each.name())
          && !Set.of("ID", "Status", "Filter", "Prefix").contains(each.name())) {
        throw S3Error.malformedXml();
      }
    }
    String status = rule.required("Status").text();
    boolean known = status.equals("Enabled") || status.equals("Disabled");
    boolean oneFilter = rule.child("Filter").isPresent() != rule.child("Prefix").isPresent();
    if (!known || !oneFilter) {
      throw S3Error.malformedXml();
    }
    rule.child("Filter")
        .ifPresent(
            filter ->
                filter.holding(
                    "Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan"));
    if (rule.children().stream().noneMatch(each -> ACTIONS.contains(each.name()))) {
      throw S3Error.invalidRequest("At least one action needs to be specified in a rule");
    }
    rule.child("Expiration").ifPresent(Lifecycle::checkExpiration);
    rule.child("NoncurrentVersionExpiration").ifPresent(Lifecycle::checkNoncurrent);
    rule.child("AbortIncompleteMultipartUpload")
        .ifPresent(each -> positive(each.holding("DaysAfterInitiation"), "DaysAfterInitiation"));
  }

  private static void checkExpiration(XmlElement expiration) {
    expiration.holding("Days", "Date", "ExpiredObjectDeleteMarker");
    if (expiration.children().size() != 1) {
      throw S3Error.malformedXml();
    }
    if (expiration.child("Days").isPresent()) {
      positive(expiration, "Days");
    }
  }

  private static void checkNoncurrent(XmlElement expiration) {
    expiration.holding("NoncurrentDays", "NewerNoncurrentVersions");
    positive(expiration, "NoncurrentDays");
  }

  private static void positive(XmlElement action, String name) {
    String text = action.required(name).text().strip();
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw S3Error.invalidArgument(
          "'" + name + "' for the action must be a positive integer", name, text);
    }
  }
}
