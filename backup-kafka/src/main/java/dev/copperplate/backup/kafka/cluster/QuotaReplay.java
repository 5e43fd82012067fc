package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterClientQuotasOptions;
import org.apache.kafka.clients.admin.DescribeClientQuotasOptions;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;

/** Quotas that a cluster lacks, or has otherwise. */
final class QuotaReplay {

  static final String KIND = "quotas";

  private final Admin admin;
  private final Answers answers;
  private final ReplayWishes wishes;
  private final Consumer<Finding> report;

  QuotaReplay(Admin admin, ReplayWishes wishes, Consumer<Finding> report) {
    this.admin = admin;
    this.answers = new Answers(wishes.limit());
    this.wishes = wishes;
    this.report = report;
  }

  Changes<ClientQuotaAlteration> plan(List<Quota> stored)
      throws BackupException, InterruptedException {
    Map<ClientQuotaEntity, Map<String, Double>> there =
        answers.of(
            "Reading the quotas that are there",
            admin
                .describeClientQuotas(
                    ClientQuotaFilter.all(), answers.within(new DescribeClientQuotasOptions()))
                .entities(),
            Permission.cluster("DescribeConfigs"));
    List<Change<ClientQuotaAlteration>> changes = new ArrayList<>();
    int present = 0;
    int differing = 0;
    for (Quota each : stored) {
      Settings settings = new Settings("quota of " + each.words(), wishes.replacing());
      Map<String, Double> now = there.getOrDefault(each.toEntity(), Map.of());
      each.limits().forEach((key, value) -> settings.add(key, value, now.get(key)));
      present += settings.isPresent() ? 1 : 0;
      differing += settings.reportLeft(report) ? 1 : 0;
      if (!settings.wanted().isEmpty()) {
        changes.add(change(each, settings));
      }
    }
    return new Changes<>(
        KIND,
        changes,
        present,
        differing,
        alterations ->
            admin
                .alterClientQuotas(alterations, answers.within(new AlterClientQuotasOptions()))
                .values());
  }

  private static Change<ClientQuotaAlteration> change(Quota quota, Settings settings) {
    ClientQuotaEntity entity = quota.toEntity();
    List<ClientQuotaAlteration.Op> limits =
        settings.wanted().stream()
            .map(each -> new ClientQuotaAlteration.Op(each, quota.limits().get(each)))
            .collect(Collectors.toList());
    return new Change<>(
        entity,
        new ClientQuotaAlteration(entity, limits),
        settings.words(),
        settings.lost(),
        Permission.cluster("AlterConfigs"));
  }
}
