package dev.copperplate.backup.repository;

import dev.copperplate.backup.SourceId;

/**
 * What a person has to look at before snapshots of one source are removed. Whoever has looked makes
 * the plan again with the question among the {@code answered}.
 *
 * @param source whose snapshots
 * @param environment in which environment
 * @param text what is unusual
 */
public record RetentionQuestion(SourceId source, String environment, String text) {}
