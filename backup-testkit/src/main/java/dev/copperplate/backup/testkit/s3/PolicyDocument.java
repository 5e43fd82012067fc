package dev.copperplate.backup.testkit.s3;

import dev.copperplate.backup.testkit.s3.Access.Attempt;
import dev.copperplate.backup.testkit.s3.Access.Effect;
import java.util.List;

/**
 * A policy in the <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">JSON of
 * IAM</a>. Elements and conditions that are not known are refused when it is read: one that was
 * ignored would let a test pass that must fail. Immutable.
 *
 * @param text as it was given
 */
record PolicyDocument(String text, List<PolicyStatement> statements) {

  PolicyDocument {
    statements = List.copyOf(statements);
  }

  /**
   * @throws IllegalArgumentException for what is no policy, or holds what is not known here
   */
  static PolicyDocument parse(String text) {
    return new PolicyDocument(text, new PolicyReader(text).statements());
  }

  Effect effect(Attempt attempt) {
    Effect effect = Effect.NONE;
    for (PolicyStatement statement : statements) {
      if (statement.concerns(attempt)) {
        if (!statement.allows()) {
          return Effect.DENY;
        }
        effect = Effect.ALLOW;
      }
    }
    return effect;
  }

  boolean isPublic() {
    return statements.stream().anyMatch(PolicyStatement::isPublic);
  }
}
