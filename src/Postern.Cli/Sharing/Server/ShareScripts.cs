namespace Postern.Cli.Sharing.Server;

/// <summary>What runs on the server, each as a whole: nobody sees half of it.</summary>
internal static class ShareScripts
{
    /// <summary>
    /// Puts changes into the stream and what must be kept of them into the hour in which it ends, and wakes the other hosts.
    /// Answers <c>epoch</c> where the server is not the one that the host knows, <c>limited</c> where the host asks too much.
    /// Keys: epoch, changes, hours, rate of the host. Arguments: epoch, most changes in 10 s, entries that the stream keeps, channel, process,
    /// prefix of the hours; then five for each change: hour (0 for good, empty for not kept), subject, record, and an hour and a subject to take out, or empty.
    /// </summary>
    public const string Publish =
        """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'epoch'} end
        local n = (#ARGV - 6) / 5
        local r = redis.call('INCRBY', KEYS[4], n)
        if r == n then redis.call('EXPIRE', KEYS[4], 10) end
        if r > tonumber(ARGV[2]) then return {'limited'} end
        local t = redis.call('TIME')
        local now = t[1] * 1000 + math.floor(t[2] / 1000)
        if n == 0 then return {'done', tostring(now)} end
        local function num(s, from)
          local v = 0
          for i = from, from + 7 do v = v * 256 + string.byte(s, i) end
          return v
        end
        local add = {'XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*'}
        for i = 7, #ARGV, 5 do
          local hour, subject, record = ARGV[i], ARGV[i + 1], ARGV[i + 2]
          if hour ~= '' then
            local key = ARGV[6] .. hour
            local old = redis.call('HGET', key, subject)
            if not old or num(old, 3) < num(record, 3) or (num(old, 3) == num(record, 3) and num(old, 11) <= num(record, 11)) then
              redis.call('HSET', key, subject, record)
            end
            if hour ~= '0' then redis.call('EXPIREAT', key, (hour + 1) * 3600 + 60) end
            redis.call('ZADD', KEYS[3], hour, hour)
          end
          if ARGV[i + 3] ~= '' then redis.call('HDEL', ARGV[6] .. ARGV[i + 3], ARGV[i + 4]) end
          add[#add + 1] = 'r'
          add[#add + 1] = record
        end
        redis.call('ZREMRANGEBYSCORE', KEYS[3], 1, math.floor(now / 3600000) - 1)
        local id = redis.call(unpack(add))
        redis.call('PUBLISH', ARGV[4], ARGV[5])
        return {'done', tostring(now), id}
        """;

    /// <summary>Gives the data of the site another name, unless somebody has. Keys: epoch. Arguments: the name that it had, the one that it gets.</summary>
    public const string Rename =
        """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end
        return 1
        """;

    /// <summary>
    /// Puts records into a stream that keeps the latest. Keys: the stream. Arguments: entries that it keeps, seconds that it lasts without a new one,
    /// channel, process, records.
    /// </summary>
    public const string Append =
        """
        local add = {'XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*'}
        for i = 5, #ARGV do
          add[#add + 1] = 'r'
          add[#add + 1] = ARGV[i]
        end
        redis.call(unpack(add))
        redis.call('EXPIRE', KEYS[1], ARGV[2])
        redis.call('PUBLISH', ARGV[3], ARGV[4])
        return 1
        """;

    /// <summary>
    /// What is new. Keys: epoch, changes, memory, evidence. Arguments: most entries of each, the last ids, an id that the changes had. Answers the clock, the
    /// epoch, the first id that the changes still have, the entries, and whether that id is gone.
    /// </summary>
    public const string Read =
        """
        local t = redis.call('TIME')
        local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
        local new = redis.call('XREAD', 'COUNT', ARGV[1], 'STREAMS', KEYS[2], KEYS[3], KEYS[4], ARGV[2], ARGV[3], ARGV[4])
        local gone = ARGV[5] ~= '0-0' and #redis.call('XRANGE', KEYS[2], ARGV[5], ARGV[5]) == 0
        return {tostring(t[1] * 1000 + math.floor(t[2] / 1000)), redis.call('GET', KEYS[1]) or '', first[1] and first[1][1] or '', new or {}, gone and 1 or 0}
        """;
}
