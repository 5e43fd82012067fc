package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeAclsOptions;
import org.apache.kafka.clients.admin.DescribeClientQuotasOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeUserScramCredentialsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.UserScramCredentialsDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a cluster has beside its topics into a snapshot: the documents of {@link Document}.
 * What may not be seen is reported with the ACL that would show it, and the rest goes on.
 *
 * <p>Groups are read first, so that bounds of partitions that are asked afterwards lie behind what
 * groups have committed. {@code cluster.json} is written last, with the gaps of everything that
 * shares the same {@link Gaps}.
 *
 * <p>A cluster shows only what one may describe, and without saying what it leaves out: offsets of
 * topics, and where the cluster itself may not be described (which is a gap) groups and
 * transactions.
 *
 * <p>Used by one thread. The client stays open.
 */
public final class ClusterCapture {

  private static final Permission DESCRIBE = Permission.cluster("Describe");
  private static final String METADATA_VERSION = "metadata.version";

  private final Admin admin;
  private final Gaps gaps;
  private final Answers answers;
  private final Predicate<String> groups;

  /**
   * @param limit for each answer of the cluster
   * @param groups which groups are wanted, by their ids
   */
  public ClusterCapture(Admin admin, Gaps gaps, Duration limit, Predicate<String> groups) {
    this.admin = admin;
    this.gaps = gaps;
    this.answers = new Answers(limit);
    this.groups = groups;
  }

  /** Hears of each group that is written. */
  @FunctionalInterface
  public interface GroupListener {
    void captured(Group group) throws IOException;
  }

  /**
   * Writes the documents.
   *
   * @param listener hears of each group
   * @return what {@code cluster.json} says
   * @throws BackupException {@code UNAVAILABLE} if the cluster does not answer in time
   */
  public ClusterDescription run(SnapshotWriter writer, GroupListener listener)
      throws IOException, InterruptedException {
    DescribeClusterResult cluster =
        admin.describeCluster(
            answers.within(new DescribeClusterOptions()).includeAuthorizedOperations(true));
    requireSight(answers.of("Reading what may be seen", cluster.authorizedOperations()));
    groups(writer, listener);
    new TransactionCapture(admin, gaps, answers).run(writer);
    acls(writer);
    quotas(writer);
    scram(writer);
    ClusterDescription description = describe(cluster);
    Document.CLUSTER.write(writer, List.of(description));
    return description;
  }

  private void groups(SnapshotWriter writer, GroupListener listener)
      throws IOException, InterruptedException {
    try {
      new GroupCapture(admin, gaps, answers).run(groups, writer, listener);
    } catch (LinkageError older) { // before 4.1 there are no calls for each type of groups
      gaps.warn(
          "groups",
          "The kafka-clients of this process do not know all types of groups: not captured",
          "Use kafka-clients 4.1 or later");
    }
  }

  /** Null where brokers do not say. */
  private void requireSight(@Nullable Set<AclOperation> allowed) {
    if (allowed != null && !allowed.contains(AclOperation.DESCRIBE)) {
      gaps.refused("groups and transactions that the user may not describe", DESCRIBE);
    }
  }

  private void acls(SnapshotWriter writer) throws IOException, InterruptedException {
    Optional<Collection<AclBinding>> acls =
        gaps.ask(
            "ACLs",
            DESCRIBE,
            answers,
            admin
                .describeAcls(AclBindingFilter.ANY, answers.within(new DescribeAclsOptions()))
                .values());
    if (acls.isPresent()) {
      Document.ACLS.write(writer, acls.get().stream().sorted(AclLines.ORDER).toList());
    }
  }

  private void quotas(SnapshotWriter writer) throws IOException, InterruptedException {
    Optional<Map<ClientQuotaEntity, Map<String, Double>>> quotas =
        gaps.ask(
            "quotas",
            Permission.cluster("DescribeConfigs"),
            answers,
            admin
                .describeClientQuotas(
                    ClientQuotaFilter.all(), answers.within(new DescribeClientQuotasOptions()))
                .entities());
    if (quotas.isPresent()) {
      Document.QUOTAS.write(
          writer,
          quotas.get().entrySet().stream()
              .map(each -> Quota.of(each.getKey(), each.getValue()))
              .sorted(Quota.ORDER)
              .toList());
    }
  }

  private void scram(SnapshotWriter writer) throws IOException, InterruptedException {
    Optional<Map<String, UserScramCredentialsDescription>> users =
        gaps.ask(
            "SCRAM users",
            DESCRIBE,
            answers,
            admin
                .describeUserScramCredentials(
                    List.of(), answers.within(new DescribeUserScramCredentialsOptions()))
                .all());
    if (users.isEmpty()) {
      return;
    }
    List<ScramUser> all = users(users.get().values());
    Document.SCRAM.write(writer, all);
    if (!all.isEmpty()) {
      gaps.note(
          "SCRAM secrets",
          "No broker tells the secrets of its "
              + users.get().size()
              + " SCRAM users: they come back with passwords from elsewhere",
          "Keep the passwords where the users' secrets are kept");
    }
  }

  private static List<ScramUser> users(Collection<UserScramCredentialsDescription> users) {
    return users.stream()
        .flatMap(
            user ->
                user.credentialInfos().stream()
                    .map(
                        each ->
                            new ScramUser(
                                user.name(), each.mechanism().mechanismName(), each.iterations())))
        .sorted(ScramUser.ORDER)
        .toList();
  }

  private ClusterDescription describe(DescribeClusterResult cluster)
      throws BackupException, InterruptedException {
    Collection<Node> nodes = answers.of("Reading the brokers", cluster.nodes());
    @Nullable Node controller = answers.of("Reading the controller", cluster.controller());
    Map<String, Levels> finalized = new TreeMap<>();
    Map<String, Levels> supported = new TreeMap<>();
    Optional<FeatureMetadata> features =
        gaps.ask(
            "features",
            DESCRIBE,
            answers,
            admin
                .describeFeatures(answers.within(new DescribeFeaturesOptions()))
                .featureMetadata());
    if (features.isPresent()) {
      features
          .get()
          .finalizedFeatures()
          .forEach(
              (name, each) ->
                  finalized.put(name, new Levels(each.minVersionLevel(), each.maxVersionLevel())));
      features
          .get()
          .supportedFeatures()
          .forEach(
              (name, each) ->
                  supported.put(name, new Levels(each.minVersion(), each.maxVersion())));
    }
    Levels none = new Levels(0, 0);
    return new ClusterDescription(
        answers.of("Reading the identity of the cluster", cluster.clusterId()),
        controller == null ? -1 : controller.id(),
        Releases.of(supported.getOrDefault(METADATA_VERSION, none).to()),
        finalized.getOrDefault(METADATA_VERSION, none).to(),
        nodes.stream().map(Broker::of).toList(),
        finalized,
        supported,
        gaps.all());
  }
}
