package dev.copperplate.backup.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement of an <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html">IAM
 * policy</a>.
 *
 * @param name letters and digits, unique in a policy
 * @param principal the ARN of whom it is about; null in a policy that is given to somebody
 * @param condition null if it holds always
 */
record Statement(
    String name,
    boolean allows,
    @Nullable String principal,
    List<String> actions,
    List<String> resources,
    @Nullable Condition condition) {

  /** What must be so of a request; where the fact is missing, it is not so. */
  record Condition(String operator, String fact, String value) {}

  static Statement allow(String name, List<String> actions, List<String> resources) {
    return new Statement(name, true, null, actions, resources, null);
  }

  static Statement deny(String name, List<String> actions, List<String> resources) {
    return new Statement(name, false, null, actions, resources, null);
  }

  Statement when(String operator, String fact, String value) {
    Condition when = new Condition(operator, fact, value);
    return new Statement(name, allows, principal, actions, resources, when);
  }

  /** The same about somebody, in a policy with statements about others. */
  Statement about(String word, String arn) {
    return new Statement(word + name, allows, arn, actions, resources, condition);
  }
}
