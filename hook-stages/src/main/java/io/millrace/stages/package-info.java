/**
 * The home stage: the Kafka Streams topology that owns every exchange and runs the hooks.
 *
 * <p>Where to begin: {@link io.millrace.stages.HookStages} starts all of it; {@link
 * io.millrace.stages.HomeTopology} and {@link io.millrace.stages.GroupTopology} are the graphs. An
 * exchange passes these nodes, each a class of its own:
 *
 * <ul>
 *   <li>into a group: {@link io.millrace.stages.AcceptProcessor} at home, {@link
 *       io.millrace.stages.EnterProcessor} elsewhere; for replies {@link
 *       io.millrace.stages.MatchProcessor}
 *   <li>through the hooks: {@link io.millrace.stages.PreHookProcessor}, {@link
 *       io.millrace.stages.PostHookProcessor}, and {@link io.millrace.stages.ParkingProcessor} for
 *       those that wait
 *   <li>out of a group: {@link io.millrace.stages.DispatchProcessor} to the next group or the
 *       workers, {@link io.millrace.stages.ReturnProcessor} to the group before, {@link
 *       io.millrace.stages.SettleProcessor} with the result
 * </ul>
 *
 * <p>What they decide by: {@link io.millrace.stages.Ledger} (what is open and what was finished),
 * {@link io.millrace.stages.Settlement} (what follows an error), {@link io.millrace.stages.Joins}
 * (who shares a call), {@link io.millrace.stages.Parking} (who waits). What a hook sees is {@link
 * io.millrace.stages.ExchangeContext}; {@link io.millrace.stages.HookCall} calls it. The chain and
 * its life are {@link io.millrace.stages.HookChain}.
 */
@NullMarked
package io.millrace.stages;

import org.jspecify.annotations.NullMarked;
