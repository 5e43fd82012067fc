package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.ReplicationRule;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** The settings of a bucket, each by one request. What is not set, or not known there, is empty. */
final class BucketView {

  private final S3Client client;
  private final S3Requests requests;
  private final S3Location location;
  private final BucketQuestions questions;

  BucketView(S3Client client, S3Requests requests, S3Location location, BucketQuestions questions) {
    this.client = client;
    this.requests = requests;
    this.location = location;
    this.questions = questions;
  }

  S3Location location() {
    return location;
  }

  /** Where requests go; empty for AWS. */
  Optional<URI> endpoint() {
    return client.serviceClientConfiguration().endpointOverride();
  }

  Optional<ObjectLockConfiguration> locking() throws IOException {
    return questions.locking();
  }

  List<LifecycleRule> lifecycle() throws IOException {
    return asked(
            "its lifecycle rules",
            () ->
                client
                    .getBucketLifecycleConfiguration(each -> each.bucket(location.bucket()))
                    .rules())
        .orElse(List.of());
  }

  Optional<PublicAccessBlockConfiguration> publicAccessBlock() throws IOException {
    return asked(
        "what it blocks of the public",
        () ->
            client
                .getPublicAccessBlock(each -> each.bucket(location.bucket()))
                .publicAccessBlockConfiguration());
  }

  /** Whether its policy lets everybody in. */
  boolean hasPublicPolicy() throws IOException {
    return asked(
            "whether its policy is public",
            () ->
                client.getBucketPolicyStatus(each -> each.bucket(location.bucket())).policyStatus())
        .map(status -> Boolean.TRUE.equals(status.isPublic()))
        .orElse(false);
  }

  List<Grant> grants() throws IOException {
    return asked(
            "its access control list",
            () -> client.getBucketAcl(each -> each.bucket(location.bucket())).grants())
        .orElse(List.of());
  }

  List<ServerSideEncryptionRule> encryption() throws IOException {
    return asked(
            "how it encrypts",
            () ->
                client
                    .getBucketEncryption(each -> each.bucket(location.bucket()))
                    .serverSideEncryptionConfiguration())
        .map(ServerSideEncryptionConfiguration::rules)
        .orElse(List.of());
  }

  List<ReplicationRule> replication() throws IOException {
    return asked(
            "where it replicates to",
            () ->
                client
                    .getBucketReplication(each -> each.bucket(location.bucket()))
                    .replicationConfiguration())
        .map(configuration -> configuration.rules())
        .orElse(List.of());
  }

  void enableVersioning() throws IOException {
    requests.make(
        "Enabling versions in " + location,
        () ->
            client.putBucketVersioning(
                each ->
                    each.bucket(location.bucket())
                        .versioningConfiguration(to -> to.status(BucketVersioningStatus.ENABLED))));
  }

  private <T> Optional<T> asked(String what, Supplier<@Nullable T> request) throws IOException {
    try {
      return Optional.ofNullable(requests.make("Asking " + location + " for " + what, request));
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.UNSUPPORTED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
