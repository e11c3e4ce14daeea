/**
 * What Redis does in one piece. Each script that writes something of a run asks first whether the caller holds it: whether BullMQ's
 * lock of its job has the caller's token. A lock that has expired is taken back as long as nobody else has taken the run since, even
 * if BullMQ has put it back into the queue: after Redis has been out of reach, its holder goes on. Else nothing is written.
 */

/** KEYS: lock, state, active list, list of those that wait. ARGV: token, key of the run, milliseconds of the lock. */
const HELD = `
local function held()
  local token = redis.call('GET', KEYS[1])
  if token == ARGV[1] then return true end
  if token then return false end
  if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then return false end
  if not redis.call('LPOS', KEYS[3], ARGV[2]) then
    if redis.call('LREM', KEYS[4], 1, ARGV[2]) == 0 then return false end
    redis.call('LPUSH', KEYS[3], ARGV[2])
  end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
  return true
end
`;

/** Each with the number of its keys. */
export const SCRIPTS = {
  /**
   * Notes who has taken a run: ARGV 4 its worker, 5 the seconds to keep this. A run that was taken several times since its last
   * checkpoint, and never given back, may be what ends its workers: the count of that is returned, and what it has cost so far.
   */
  takeRun: {
    numberOfKeys: 4,
    lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0, 0, '0'} end
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then
  redis.call('HINCRBY', KEYS[2], 'fruitless', 1)
  redis.call('HSET', KEYS[2], 'token', ARGV[1], 'worker', ARGV[4])
  redis.call('HDEL', KEYS[2], 'refused', 'speed')
end
redis.call('EXPIRE', KEYS[2], ARGV[5])
return {1, tonumber(redis.call('HGET', KEYS[2], 'fruitless')), redis.call('HGET', KEYS[2], 'spent') or '0'}`,
  },
  /** Keeps a run for as long again, and notes its state: ARGV 4 the seconds to keep it, then fields and values. */
  keepRun: {
    numberOfKeys: 4,
    lua: `${HELD}
if not held() then return 0 end
-- First of all, since even a full Redis takes it; the rest matters less.
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.pcall('HSET', KEYS[2], unpack(ARGV, 5))
redis.call('EXPIRE', KEYS[2], ARGV[4])
return 1`,
  },
  /** Replaces the checkpoint of a run: KEYS 5 it, 6 the new one while it is written; ARGV 4 the seconds to keep it, then files. */
  storeCheckpoint: {
    numberOfKeys: 6,
    lua: `${HELD}
if not held() then return 0 end
-- First of all: where Redis is full it refuses this, unless something was written before.
redis.call('HSET', KEYS[6], unpack(ARGV, 5))
redis.call('EXPIRE', KEYS[6], ARGV[4])
redis.call('RENAME', KEYS[6], KEYS[5])
redis.call('HSET', KEYS[2], 'fruitless', 0)
return 1`,
  },
  /** Stores how a run has ended, once: KEYS 5 its result or failure, 6 its checkpoint; ARGV 4 the seconds to keep it, 5 it. */
  storeEnd: {
    numberOfKeys: 6,
    lua: `${HELD}
if redis.call('EXISTS', KEYS[5]) == 1 then return 2 end
if not held() then return 0 end
redis.call('SET', KEYS[5], ARGV[5], 'EX', ARGV[4])
redis.call('DEL', KEYS[6])
return 1`,
  },
  /** Before a run is given back: it has cost nothing. ARGV 4: why it was refused, if it was. */
  leaveRun: {
    numberOfKeys: 4,
    lua: `${HELD}
if not held() then return 0 end
redis.call('HSET', KEYS[2], 'fruitless', 0)
redis.call('HDEL', KEYS[2], 'token', 'worker', 'speed')
if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], 'refused', ARGV[4]) end
return 1`,
  },
  /** Which job a token has locked: KEYS the active list; ARGV the token, what its lock begins and ends with. */
  findLocked: {
    numberOfKeys: 1,
    lua: `
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if redis.call('GET', ARGV[2] .. id .. ARGV[3]) == ARGV[1] then return id end
end
return false`,
  },
  /**
   * How runs stand. ARGV: what the names of results, failures, jobs and states begin with, then keys of runs. Of each, a letter
   * (d one that is done, f failed, a at work, w waiting, m missing) and its state: share, speed, spent, worker, refused.
   */
  surveyRuns: {
    numberOfKeys: 0,
    lua: `
local answer = {}
for i = 5, #ARGV do
  local key = ARGV[i]
  local letter = 'm'
  if redis.call('EXISTS', ARGV[1] .. key) == 1 then letter = 'd'
  elseif redis.call('EXISTS', ARGV[2] .. key) == 1 then letter = 'f'
  elseif redis.call('EXISTS', ARGV[3] .. key .. ':lock') == 1 then letter = 'a'
  elseif redis.call('EXISTS', ARGV[3] .. key) == 1 then letter = 'w' end
  local one = {letter}
  if letter ~= 'm' then
    for _, value in ipairs(redis.call('HMGET', ARGV[4] .. key, 'share', 'speed', 'spent', 'worker', 'refused')) do
      one[#one + 1] = string.sub(value or '', 1, 300)
    end
  end
  answer[#answer + 1] = one
end
return answer`,
  },
  /** The files of a hash: KEYS it; ARGV the most bytes of them all, then their names. -1 where they are more, 0 where there are none. */
  readFiles: {
    numberOfKeys: 1,
    lua: `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local bytes = 0
for i = 2, #ARGV do bytes = bytes + redis.call('HSTRLEN', KEYS[1], ARGV[i]) end
if bytes > tonumber(ARGV[1]) then return -1 end
return redis.call('HMGET', KEYS[1], unpack(ARGV, 2))`,
  },
} as const;
