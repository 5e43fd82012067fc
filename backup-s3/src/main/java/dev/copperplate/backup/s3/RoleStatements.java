package dev.copperplate.backup.s3;

import java.util.ArrayList;
import java.util.List;

/**
 * What each role needs of the store, and what nobody may let it do besides.
 *
 * @param retentionDays for how long objects may be retained; 0 for not at all
 * @param plainTransport whether it may come without TLS
 */
record RoleStatements(RepositoryScope scope, int retentionDays, boolean plainTransport) {

  private static final String LOCKS = "locks/*";

  /** Everything that is worth keeping: the layout of the format but locks, and the records. */
  private static final List<String> KEPT =
      List.of("config", "keys/*", "snapshots/*", "index/*", "data/*", "copperplate/*");

  /** Without these nothing of a repository can be read. */
  private static final List<String> ROOT = List.of("config", "keys/*");

  private static final List<String> REPACKED = List.of("index/*", "data/*");
  private static final List<String> PUT = List.of("s3:PutObject");
  private static final List<String> DELETE = List.of("s3:DeleteObject", "s3:DeleteObjectVersion");
  private static final List<String> BYPASS = List.of("s3:BypassGovernanceRetention");

  List<Statement> of(S3Role role) {
    List<Statement> all = new ArrayList<>(shared());
    switch (role) {
      case WRITER -> all.addAll(writer());
      case PRUNER -> all.addAll(pruner());
      case VERIFIER -> all.add(receipts());
      case READER -> {}
    }
    if (!plainTransport) {
      all.add(tlsOnly());
    }
    return all;
  }

  private List<Statement> shared() {
    return List.of(read(), list(), bucketFacts(), locks());
  }

  /** Versions, since the authentic one is read where somebody has written over an object. */
  private Statement read() {
    return Statement.allow(
        "Read",
        List.of("s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectRetention"),
        scope.objects(List.of("*")));
  }

  /** Names are asked for by prefix; other repositories of the bucket are none of its business. */
  private Statement list() {
    Statement list =
        Statement.allow(
            "List", List.of("s3:ListBucket", "s3:ListBucketVersions"), List.of(scope.bucketArn()));
    return scope.prefix().isEmpty()
        ? list
        : list.when("StringLike", "s3:prefix", scope.prefix() + "*");
  }

  /** What a preflight asks: where the bucket is, whether it keeps versions and locks them. */
  private Statement bucketFacts() {
    return Statement.allow(
        "BucketFacts",
        List.of(
            "s3:GetBucketLocation",
            "s3:GetBucketVersioning",
            "s3:GetBucketObjectLockConfiguration"),
        List.of(scope.bucketArn()));
  }

  /** Whoever reads must be seen by whoever prunes, and must go away again. */
  private Statement locks() {
    List<String> actions = new ArrayList<>(PUT);
    actions.addAll(DELETE);
    return Statement.allow("Locks", actions, scope.objects(List.of(LOCKS)));
  }

  /** Proofs, and no other records: it proves what others wrote. */
  private Statement receipts() {
    return Statement.allow("Receipts", PUT, scope.objects(List.of("copperplate/receipts/*")));
  }

  private List<Statement> writer() {
    List<Statement> all = new ArrayList<>();
    all.add(Statement.allow("Write", PUT, scope.objects(KEPT)));
    all.addAll(retention(KEPT));
    // Nothing else of it is allowed. But another policy of the same user may allow more.
    all.add(Statement.deny("KeepHistory", List.of("s3:DeleteObject*"), scope.objects(KEPT)));
    all.addAll(keepSettings());
    return all;
  }

  private List<Statement> pruner() {
    List<String> pruned = List.of("snapshots/*", "index/*", "data/*", "copperplate/*");
    List<String> written = List.of("index/*", "data/*", "copperplate/*");
    List<Statement> all = new ArrayList<>();
    all.add(Statement.allow("Prune", DELETE, scope.objects(pruned)));
    all.add(Statement.allow("Repack", PUT, scope.objects(written)));
    all.addAll(retention(REPACKED));
    all.add(
        Statement.deny(
            "KeepRoot", List.of("s3:PutObject", "s3:DeleteObject*"), scope.objects(ROOT)));
    all.addAll(keepSettings());
    return all;
  }

  /** Never of locks: one that cannot be deleted would stop the pruner for as long. */
  private List<Statement> retention(List<String> forms) {
    if (retentionDays == 0) {
      return List.of();
    }
    List<String> retain = List.of("s3:PutObjectRetention");
    // Also with a put, whose headers may retain what it writes.
    List<String> any = List.of("s3:PutObject", "s3:PutObjectRetention");
    return List.of(
        Statement.allow("Retain", retain, scope.objects(forms)),
        Statement.deny("RetainNotForTooLong", any, scope.objects(List.of("*")))
            .when(
                "NumericGreaterThan",
                "s3:object-lock-remaining-retention-days",
                Integer.toString(retentionDays)));
  }

  /** Each of these would take away what keeps history, without deleting an object. */
  private List<Statement> keepSettings() {
    return List.of(
        Statement.deny("KeepRetention", BYPASS, scope.objects(List.of("*"))),
        Statement.deny(
            "KeepSettings",
            List.of("s3:PutBucket*", "s3:DeleteBucket*", "s3:PutLifecycleConfiguration"),
            List.of(scope.bucketArn())));
  }

  /** In the clear, whoever listens sees what is asked for, and can ask for it again for minutes. */
  private Statement tlsOnly() {
    return Statement.deny(
            "TlsOnly", List.of("s3:*"), List.of(scope.bucketArn(), scope.bucketArn() + "/*"))
        .when("Bool", "aws:SecureTransport", "false");
  }
}
