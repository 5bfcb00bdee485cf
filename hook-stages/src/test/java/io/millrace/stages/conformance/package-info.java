/**
 * The hook contract, case by case, on Kafka's test driver and on a broker.
 *
 * <table>
 *   <caption>Where each case is held</caption>
 *   <tr><th>cases</th><th>tests</th></tr>
 *   <tr><td>H1 to H24, H28 to H30, H37</td><td>{@code HookContract}, by subject
 *       in the {@code Cases} it is made of, run by {@code DriverHookContractTest} and {@code
 *       BrokerHookContractIT}</td></tr>
 *   <tr><td>H25, H26</td><td>{@code CallExecutorTest} of provider-workers (retry classes, keys,
 *       Retry-After), {@code BackoffTest} (growth, jitter, cap)</td></tr>
 *   <tr><td>H27</td><td>{@code KeyPoolTest} and {@code CallExecutorTest} of provider-workers</td></tr>
 *   <tr><td>H31</td><td>{@code ChunkChainTest}</td></tr>
 *   <tr><td>H32</td><td>{@code StreamingIT} of launcher</td></tr>
 *   <tr><td>H33</td><td>{@code StreamRetryTest} of provider-workers, {@code StreamingIT} of
 *       launcher</td></tr>
 *   <tr><td>H34 to H36</td><td>the tests of plugin-host</td></tr>
 * </table>
 */
@NullMarked
package io.millrace.stages.conformance;

import org.jspecify.annotations.NullMarked;
