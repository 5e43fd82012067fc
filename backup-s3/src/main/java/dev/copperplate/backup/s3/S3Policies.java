package dev.copperplate.backup.s3;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The policies that let processes do to a repository in a bucket what their {@linkplain S3Role
 * role} needs, and nothing else. Immutable.
 *
 * <pre>{@code
 * S3Policies policies = S3Policies.of(S3Location.parse("s3://orders-backup/production")).retention(400);
 * System.out.print(policies.identityPolicy(S3Role.WRITER));
 * }</pre>
 *
 * <p>A policy only says what is allowed. That nobody destroys history also needs a bucket with
 * versions and Object Lock: who may write can write over what is there.
 *
 * <p>Names of actions and facts are those of the <a
 * href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">
 * service authorization reference</a> of S3.
 */
public final class S3Policies {

  private static final Pattern PRINCIPAL =
      Pattern.compile("arn:[a-z-]+:(iam|sts)::[A-Za-z0-9_$-]*:[A-Za-z0-9+=,.@_/-]+");

  private final RoleStatements statements;

  private S3Policies(RoleStatements statements) {
    this.statements = statements;
  }

  /**
   * For one repository. Nobody may retain objects, and plain HTTP is denied.
   *
   * @throws IllegalArgumentException if the prefix has {@code *}, {@code ?} or <code>${</code>,
   *     which mean something in a policy, and which not every store can escape
   */
  public static S3Policies of(S3Location location) {
    return new S3Policies(new RoleStatements(new RepositoryScope("aws", location), 0, false));
  }

  /**
   * Lets those who write objects retain them, for as many days at most: whoever steals a credential
   * must not lock what a bucket holds for a hundred years. The store counts from now, so leave a
   * day for what is not a whole day.
   */
  public S3Policies retention(int longestDays) {
    if (longestDays < 1) {
      throw new IllegalArgumentException("Retained for less than a day: " + longestDays);
    }
    return new S3Policies(
        new RoleStatements(statements.scope(), longestDays, statements.plainTransport()));
  }

  /**
   * Where ARNs do not begin with {@code arn:aws:}, such as {@code aws-cn} or {@code aws-us-gov}.
   */
  public S3Policies partition(String partition) {
    return new S3Policies(
        new RoleStatements(
            new RepositoryScope(partition, statements.scope().location()),
            statements.retentionDays(),
            statements.plainTransport()));
  }

  /**
   * Allows plain HTTP: for a store on the loopback interface, or one behind a proxy that ends TLS
   * and does not tell.
   */
  public S3Policies plainTransport() {
    return new S3Policies(new RoleStatements(statements.scope(), statements.retentionDays(), true));
  }

  /** The policy to give to the user or the IAM role of a process, as JSON. */
  public String identityPolicy(S3Role role) {
    return PolicyJson.of(statements.of(role));
  }

  /**
   * The policy to give to the bucket, as JSON. A bucket has one only: it replaces what there is.
   *
   * @param principals the ARN of the user or IAM role that has each role
   * @throws IllegalArgumentException if there is none, or an ARN names more than one
   */
  public String bucketPolicy(Map<S3Role, String> principals) {
    if (principals.isEmpty()) {
      throw new IllegalArgumentException("A policy for nobody");
    }
    List<Statement> all = new ArrayList<>();
    new EnumMap<>(principals)
        .forEach(
            (role, principal) -> {
              requireOne(principal);
              statements.of(role).forEach(each -> all.add(each.about(word(role), principal)));
            });
    return PolicyJson.of(all);
  }

  private static void requireOne(String principal) {
    if (!PRINCIPAL.matcher(principal).matches()) {
      throw new IllegalArgumentException("No ARN of one user or role: " + principal);
    }
  }

  private static String word(S3Role role) {
    return role.name().charAt(0) + role.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
