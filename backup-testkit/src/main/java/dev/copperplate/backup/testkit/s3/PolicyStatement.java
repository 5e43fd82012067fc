package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.Access.Attempt;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A statement of a policy.
 *
 * @param principals whom it concerns; empty in the policy of a user
 */
record PolicyStatement(
    boolean allows,
    List<String> principals,
    List<String> actions,
    List<String> resources,
    List<PolicyCondition> conditions) {

  PolicyStatement {
    principals = List.copyOf(principals);
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }

  boolean concerns(Attempt attempt) {
    return (principals.isEmpty() || matchesAny(principals, attempt.principal(), 0))
        && matchesAny(actions, attempt.action(), Pattern.CASE_INSENSITIVE)
        && matchesAny(resources, attempt.resource(), 0)
        && conditions.stream().allMatch(each -> each.holds(attempt.context()));
  }

  /** Whether it allows something to anybody. */
  boolean isPublic() {
    return allows && principals.contains("*") && conditions.isEmpty();
  }

  static boolean matchesAny(List<String> patterns, String text, int flags) {
    return patterns.stream().anyMatch(each -> pattern(each, flags).matcher(text).matches());
  }

  private static Pattern pattern(String glob, int flags) {
    String regex =
        glob.codePoints()
            .mapToObj(
                each ->
                    each == '*'
                        ? ".*"
                        : each == '?' ? "." : Pattern.quote(Character.toString(each)))
            .collect(Collectors.joining());
    return Pattern.compile(regex, flags | Pattern.DOTALL);
  }
}
