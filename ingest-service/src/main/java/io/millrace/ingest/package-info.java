/**
 * The way in: admission of requests from HTTP and from the requests topic, callers who wait for
 * their result, and results by id. {@link io.millrace.ingest.IngestService} is the entry point.
 *
 * <ul>
 *   <li>Who is let in: {@link io.millrace.ingest.Admission}. Over HTTP by {@link
 *       io.millrace.ingest.Intake}, from the topic by {@link
 *       io.millrace.ingest.AdmissionProcessor}.
 *   <li>HTTP: {@link io.millrace.ingest.HttpApi} has the list of endpoints; {@link
 *       io.millrace.ingest.HttpGate} asks for credentials before each.
 *   <li>Callers who wait: {@link io.millrace.ingest.ResultWait} for a whole answer, {@link
 *       io.millrace.ingest.StreamAnswer} for a stream. {@link io.millrace.ingest.AudienceWatcher}
 *       reads for all of them.
 *   <li>Results by id: {@link io.millrace.ingest.IngestTopology} keeps them, {@link
 *       io.millrace.ingest.DistributedLookup} finds them on whichever instance they are.
 * </ul>
 */
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
